/** What a person makes of a piece by hand, before it is saved. */
import type { Content } from '@continuo/swarm/shape';

/** `revision` is the one that is edited. */
export interface Edit {
  readonly revision: number;
  readonly content: Content;
  /** While this is still the newest revision, an edit of it is on its way and this one comes behind. */
  readonly behind?: number;
}

/** `early`: can be saved when the edit before it is there. `stale`: somebody else has written another revision. */
export function standingOf({ revision, behind }: Edit, newest: number): 'fresh' | 'early' | 'stale' {
  if (revision === newest) return 'fresh';
  return behind === newest ? 'early' : 'stale';
}

/** By piece. */
export type Edits = Readonly<Record<string, Edit>>;

/** What was typed while an edit was being saved is an edit of what was saved, and of nothing that somebody else has written. */
export function editedSince(now: Edit, saved: Edit): Edit {
  return now.revision === saved.revision ? { ...now, revision: saved.revision + 1, behind: saved.revision } : now;
}
