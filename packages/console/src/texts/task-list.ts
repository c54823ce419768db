/** The texts of the list of tasks: its filters, its keys, and what is done to many at once. */
const tasks = (n: number): string => `${n.toLocaleString('en')} ${n === 1 ? 'task' : 'tasks'}`;

export const taskListTexts = {
  more: (n: number) => `${n.toLocaleString('en')}+`,
  children: 'Child tasks',
  childrenHint: 'Also show tasks that other tasks have started',
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
  finding: (n: number) => `Looking for matching tasks… ${n.toLocaleString('en')} found`,
  cancelled: (n: number) => `${tasks(n)} will be cancelled, and any child tasks that still run.`,
  retried: (n: number) => `${tasks(n)} will be retried from the failed step, with the child tasks that failed.`,
  nothing: {
    cancel: 'None of these tasks can be cancelled: all have ended.',
    retry: 'None of these tasks can be retried.',
  },
  most: (n: number) => `More tasks match. The first ${n.toLocaleString('en')} are taken; run it again for the rest.`,
  running: (done: number, n: number) => `${done.toLocaleString('en')} of ${n.toLocaleString('en')} done`,
  progress: 'Progress',
  stop: 'Stop',
  stopped: (n: number) =>
    `Stopped. ${tasks(n)} ${n === 1 ? 'was' : 'were'} left as ${n === 1 ? 'it was' : 'they were'}.`,
  done: {
    cancel: (n: number) => `${tasks(n)} cancelled.`,
    retry: (n: number) => `${tasks(n)} retried.`,
  },
  moved: (n: number) => `${tasks(n)} had changed by then and ${n === 1 ? 'was' : 'were'} skipped.`,
  failed: (n: number) => `${tasks(n)} failed:`,
  andMore: (n: number) => `and ${n.toLocaleString('en')} more`,
};
