/** Which events of a task are shown, and words on its progress folded into one. */
import type { TimelineEntry } from '../../tasks/task-log.js';
import type { StepEntry } from './with-steps.js';

export const eventKinds = ['states', 'steps', 'progress', 'artifacts'] as const;

export type EventKind = (typeof eventKinds)[number];

/** Several words on the progress, from one state to the next. */
export interface FoldedProgress {
  readonly kind: 'folded';
  /** The `seq` of the first of them. */
  readonly seq: number;
  readonly first: TimelineEntry;
  readonly last: TimelineEntry;
  readonly count: number;
}

export type ShownEntry = TimelineEntry | StepEntry | FoldedProgress;

/** Fewer are no flood. */
const FEWEST = 4;

function kindOf({ kind }: TimelineEntry | StepEntry): EventKind {
  if (kind === 'step') return 'steps';
  if (kind === 'progress') return 'progress';
  return kind === 'artifact' ? 'artifacts' : 'states';
}

/** Oldest first, as what comes of it; a fold stands where the last of its words does. `unfolded`: the `seq` of folds that are open. */
export function toShown(
  entries: readonly (TimelineEntry | StepEntry)[],
  kinds: ReadonlySet<EventKind>,
  unfolded: ReadonlySet<number>,
): readonly ShownEntry[] {
  const wanted = entries.filter((entry) => kinds.has(kindOf(entry)));
  const shown: ShownEntry[] = [];
  let between: (TimelineEntry | StepEntry)[] = [];
  const close = (): void => {
    for (const entry of folded(between, unfolded)) shown.push(entry);
    between = [];
  };
  for (const entry of wanted) {
    if (entry.kind === 'progress' || entry.kind === 'step') between.push(entry);
    else {
      close();
      shown.push(entry);
    }
  }
  close();
  return shown;
}

/** What is between two states, its words as one where they are many. */
function folded(between: readonly (TimelineEntry | StepEntry)[], unfolded: ReadonlySet<number>): readonly ShownEntry[] {
  const words = between.flatMap((entry) => (entry.kind === 'progress' ? [entry] : []));
  const [first] = words;
  const last = words.at(-1);
  if (first === undefined || last === undefined || words.length < FEWEST || unfolded.has(first.seq)) return between;
  const fold = { kind: 'folded', seq: first.seq, first, last, count: words.length } as const;
  return between.flatMap<ShownEntry>((entry) => (entry === last ? [fold] : entry.kind === 'progress' ? [] : [entry]));
}
