/** The table of docs/changed-code.md: what becomes of a task whose agent's code is edited, by edit and state. */
import { readFile } from 'node:fs/promises';
import { edits, states, type State } from './edited-agents.mjs';

const file = new URL('../../../../docs/changed-code.md', import.meta.url);
const headings = ['the new code', 'the task', 'it then', 'rolled back after that'];

export interface Held {
  readonly finished: string;
  readonly found: string;
}

/** A task that goes on or ends with the new code, that fails and can be tried again, or that is held. */
export type Outcome = 'goes on' | 'ends' | 'fails' | Held;

export interface Pair {
  readonly edit: string;
  readonly state: State;
  /** With the new code. */
  readonly withNew: Outcome;
  /** With the old code, after the new one has gone on with it, or not. */
  readonly rolledBack: Outcome;
}

/** Every pair of an edit and a state once. Throws when one is missing, or twice, or unknown. */
export async function readEdits(): Promise<readonly Pair[]> {
  const rows = tableRows(await readFile(file, 'utf8'));
  const pairs = rows.flatMap(([edit = '', of = '', then = '', back = '']) => {
    const own = of === 'any' ? states : (of.split(', ') as readonly State[]);
    return own.map((state) => ({ edit, state, withNew: toOutcome(then), rolledBack: toOutcome(back) }));
  });
  const wanted = edits.flatMap((edit) => states.map((state) => `${edit}, ${state}`));
  const found = pairs.map(({ edit, state }) => `${edit}, ${state}`);
  if (found.toSorted().join('\n') !== wanted.toSorted().join('\n')) {
    const missing = wanted.filter((pair) => !found.includes(pair));
    throw new Error(`docs/changed-code.md: missing ${missing.join('; ')}; in all ${found.length} of ${wanted.length}`);
  }
  return pairs;
}

function tableRows(text: string): readonly (readonly string[])[] {
  const lines = text.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const first = lines.findIndex((cells) => headings.every((heading, at) => cells[at + 1] === heading));
  if (first < 0) throw new Error(`docs/changed-code.md has no table with ${headings.join(', ')}`);
  const length = lines.slice(first).findIndex((cells) => cells.length !== headings.length + 2);
  return lines.slice(first + 2, first + length).map((cells) => cells.slice(1, -1));
}

function toOutcome(cell: string): Outcome {
  if (cell === 'goes on' || cell === 'ends' || cell === 'fails') return cell;
  const [, finished = '', found = ''] = /^held: (.+) → (.+)$/.exec(cell) ?? [];
  if (finished === '') throw new Error(`docs/changed-code.md: no outcome is "${cell}"`);
  return { finished, found };
}
