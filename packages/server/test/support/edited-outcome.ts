/** What is to be seen of a task of edited-agents.mjs once it is settled, to the letter. */
import type { EditedTask, Shown } from './edited-tasks.js';
import type { Outcome } from './edits-table.js';

export type Version = 'old' | 'new';

/** Which code did what. */
export interface Versions {
  /** What the task was waiting for when its code changed. */
  readonly place: Version;
  /** What comes between that and the last question. */
  readonly book: Version;
  /** The last run. */
  readonly now: Version;
}

export interface How extends Versions {
  readonly outcome: Outcome;
  /** The process ended while the task was at its place: what was under way there began twice. */
  readonly interrupted: boolean;
}

export function expectedOf(task: EditedTask, how: How): Shown {
  const { outcome, now } = how;
  const notes = notesOf(task, how).toSorted();
  const begins = task.withNew === 'fails' && task.state === 'calling' ? [...new Set(notes)] : notes;
  const base = { held: undefined, artifacts: artifactsOf(task, how), notes: begins };
  if (typeof outcome === 'object') return { ...base, state: 'WORKING', said: '', held: outcome };
  if (outcome === 'fails') return { state: 'FAILED', said: 'A plain bug.', ...base };
  if (outcome === 'ends') return { state: 'COMPLETED', said: 'Left early.', ...base };
  const edit = now === 'new' ? task.edit : 'none';
  const said = [
    ...before(edit),
    ...placeIn(task, edit, how.place),
    ...behind(edit, how.book),
    'closed',
    `close ${now}`,
  ];
  return { state: 'COMPLETED', said: said.join(', '), ...base };
}

/** What the code sees before the place, all of it recorded by the old code. */
function before(edit: string): readonly string[] {
  const steps = ['check old', 'reserve old'].filter((step) => edit !== 'remove a step' || step !== 'reserve old');
  const first = edit === 'reorder steps' ? steps.toReversed() : steps;
  return [...first, 'count old', 'child', 'Ann', ...(edit === 'remove the last step' ? [] : ['confirm old'])];
}

/** What code with this edit sees at the place, if `version` has done it. */
function placeIn({ state }: EditedTask, edit: string, version: Version): readonly string[] {
  const changes = edit === 'change the place';
  if (edit === 'remove the place') return [];
  switch (state) {
    case 'running':
      return [`${changes ? 'toil' : 'work'} ${version}`];
    case 'failed':
      return [`${changes ? 'charge' : 'pay'} ${version}`];
    case 'calling':
      return [changes ? 'other-slow-child' : 'slow-child'];
    case 'sleeping':
      return changes ? [`nap ${version}`] : [];
    default:
      return ['yes'];
  }
}

function behind(edit: string, version: Version): readonly string[] {
  return [...(edit === 'add a step behind' ? [`greet ${version}`] : []), `book ${version}`];
}

/** What really ran: each finished step once. */
function notesOf(task: EditedTask, { outcome, place, book, now, interrupted }: How): readonly string[] {
  const { edit, state } = task;
  const editOf = (version: Version): string => (version === 'new' ? edit : 'none');
  const isOwn = (seen: string): boolean => /(old|new)$/.test(seen) || seen.includes('child');
  const first = {
    running: interrupted ? ['work old'] : [],
    failed: ['pay old'],
    calling: interrupted ? ['slow-child'] : [],
  };
  const begun = [...before('none'), ...(first[state as keyof typeof first] ?? [])].filter(isOwn);
  const done = [...placeIn(task, editOf(place), place), ...behind(editOf(book), book)].filter(isOwn);
  if (outcome === 'goes on') return [...begun, ...done, `close ${now}`];
  if (typeof outcome === 'object' && now === 'old') return [...begun, ...done];
  // Its child goes on all the same.
  return [...begun, ...(state === 'calling' ? ['slow-child'] : [])];
}

/** What was said stays said. */
function artifactsOf({ edit }: EditedTask, { place, book, now }: How): readonly string[] {
  const isNew = [place, book, now].includes('new');
  const slip = `slip: ${isNew && edit === 'reword what is said' ? 'It is held.' : 'It is reserved.'}`;
  return isNew && edit === 'say more' ? [slip, 'more: There is more.'] : [slip];
}
