/** The texts of the list of tasks: its filters, its keys, and what is done to many at once. */
import { counted, number } from '../formats.js';
import { inLanguage } from '../language.js';

const tasks = (n: number): string => counted(n, { one: 'task', other: 'tasks' });

const selectedTasks = (n: number): string => counted(n, { one: 'selected task', other: 'selected tasks' });

const english = {
  all: 'All',
  search: 'Search messages',
  anyAgent: 'Any agent',
  newestFirst: 'Newest change first',
  oldestFirst: 'Oldest change first',
  selectTask: (agent: string, id: string) => `Select the task of ${agent}, ${id.slice(-6)}`,
  none: 'No tasks yet',
  noMatch: 'No tasks match these filters',
  clear: 'Clear filters',
  views: 'Saved views',
  saveView: 'Save this view',
  viewName: 'View name',
  removeView: (name: string) => `Remove the view ${name}`,
  save: 'Save',
  session: 'In one session',
  selected: (n: number) => `${number(n)} selected`,
  act: { cancel: 'Cancel tasks', retry: 'Retry tasks', delete: 'Delete tasks' },
  /** What will be done, where the children were counted. */
  summary: {
    cancel: (n: number, children: number) =>
      `${tasks(n)} will be cancelled${children === 0 ? '' : `, and ${number(children)} of their children with them`}.`,
    retry: (n: number, children: number) =>
      `${tasks(n)} will be retried from the failed step${children === 0 ? '' : `, and ${number(children)} of their children with them`}.`,
    delete: (n: number, children: number) =>
      `${tasks(n)} will be deleted for good${children === 0 ? '' : `, and ${number(children)} of their children with them`}. Messages stay in their chats.`,
  },
  /** The same for so many that they were not. */
  about: {
    cancel: (n: number) => `${tasks(n)} will be cancelled, and any child tasks that still run.`,
    retry: (n: number) => `${tasks(n)} will be retried from the failed step, with the child tasks that failed.`,
    delete: (n: number) =>
      `${tasks(n)} will be deleted for good, with their child tasks. Messages stay in their chats.`,
  },
  leftOut: {
    cancel: (n: number) => `${selectedTasks(n)} can’t be cancelled and will be skipped.`,
    retry: (n: number) => `${selectedTasks(n)} can’t be retried and will be skipped.`,
    delete: (n: number) => `${selectedTasks(n)} can’t be deleted and will be skipped: still running, or a child task.`,
  },
  /** Closes the dialog, and does nothing. */
  keep: { cancel: 'Keep tasks', retry: 'Cancel', delete: 'Keep tasks' },
  counting: 'Checking which tasks are affected…',
  more: (n: number) => `${number(n)}+`,
  children: 'Child tasks',
  childrenHint: 'Also show tasks started by other tasks',
  time: 'Time',
  times: { any: 'Any time', hour: 'Last hour', day: 'Last 24 hours', week: 'Last 7 days', custom: 'Custom range…' },
  from: 'From',
  to: 'To',
  keys: {
    next: 'Next task',
    previous: 'Previous task',
    select: 'Select or deselect the task',
    open: 'Open the task',
    move: 'move',
    selects: 'select',
    opens: 'open',
  },
  selectLoaded: 'Select all tasks shown so far',
  selectAll: (n: string) => `Select all ${n} that match`,
  allSelected: (n: string) => `All ${n} that match are selected`,
  deselect: 'Clear selection',
  finding: (n: number) => `Looking for matching tasks… ${number(n)} found`,
  nothing: {
    cancel: 'None of these tasks can be cancelled: all have ended.',
    retry: 'None of these tasks can be retried.',
    delete:
      'None of these tasks can be deleted: only tasks that have ended can, and child tasks go with their parents.',
  },
  most: (n: number) => `More tasks match. This covers the first ${number(n)}; run it again for the rest.`,
  running: (done: number, n: number) => `${number(done)} of ${number(n)} done`,
  progress: 'Progress',
  stop: 'Stop',
  stopped: (n: number) => `Stopped. ${tasks(n)} ${n === 1 ? 'was' : 'were'} not changed.`,
  done: {
    cancel: (n: number) => `${tasks(n)} cancelled.`,
    retry: (n: number) => `${tasks(n)} retried.`,
    delete: (n: number) => `${tasks(n)} deleted.`,
  },
  moved: (n: number) => `${tasks(n)} changed in the meantime and ${n === 1 ? 'was' : 'were'} skipped.`,
  failed: (n: number) => `${tasks(n)} failed:`,
  andMore: (n: number) => `and ${number(n)} more`,
};

export type TaskListTexts = typeof english;

export const taskListTexts = await inLanguage(english, { de: () => import('./german/task-list.js') });
