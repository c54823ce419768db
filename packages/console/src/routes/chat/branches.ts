/** The ways that a conversation has gone: each is a session, and the first one's metadata says which they are. */
import type { Session } from '@continuo/client';
import { fieldsIn, fieldsOf, textIn } from '@continuo/client/facts';
import { BRANCH, BRANCHES } from '../../tasks/session-marks.js';

/** Where sessions part: behind the message of this id and number; '' and 0 are the beginning. */
export interface Fork {
  readonly after: string;
  readonly seq: number;
}

export interface Branch extends Fork {
  readonly id: string;
  /** The session that it was made in. */
  readonly from: string;
}

/** The id of the session that the conversation began with. */
export function familyOf({ id, metadata }: Session): string {
  return textIn(fieldsIn(metadata, BRANCH), 'of') ?? id;
}

export function branchesIn(session: Session | undefined): readonly Branch[] {
  const kept = session?.metadata?.[BRANCHES];
  if (!Array.isArray(kept)) return [];
  return kept.flatMap((one: unknown) => {
    const fields = fieldsOf(one);
    const [id, from, after] = ['id', 'from', 'after'].map((name) => textIn(fields, name));
    const seq = fields?.['seq'];
    if (id === undefined || from === undefined || after === undefined || typeof seq !== 'number') return [];
    return [{ id, from, after, seq }];
  });
}

export interface Ways {
  /** From 0. */
  readonly at: number;
  /** What to open for each. */
  readonly sessions: readonly string[];
}

/** Undefined where the conversation has gone one way only. */
export function waysAt(fork: Fork, session: string, branches: readonly Branch[]): Ways | undefined {
  const here = branches.filter(({ after }) => after === fork.after);
  if (here.length === 0) return undefined;
  const ways = [...new Set(here.flatMap(({ id, from }) => [wayOf(from, fork, branches), id]))];
  const at = ways.indexOf(wayOf(session, fork, branches));
  return at === -1 ? undefined : { at, sessions: ways.map((way) => newestOf(way, fork, branches)) };
}

/** The session that went this way first: those that part further down went the same way here. */
function wayOf(session: string, fork: Fork, branches: readonly Branch[]): string {
  const branch = branches.find(({ id }) => id === session);
  return branch === undefined || branch.seq <= fork.seq ? session : wayOf(branch.from, fork, branches);
}

function newestOf(way: string, fork: Fork, branches: readonly Branch[]): string {
  return branches.findLast(({ id }) => wayOf(id, fork, branches) === way)?.id ?? way;
}
