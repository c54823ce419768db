/** Conversations as their list shows them: each once, the pinned ones first, the others by the day of their last word. */
import type { Session } from '@continuo/client';
import { dateText } from '../../formats.js';
import { PINNED } from '../../tasks/session-marks.js';
import { texts } from '../../texts.js';
import { familyOf } from './branches.js';

export interface SessionGroup {
  readonly label: string;
  readonly sessions: readonly Session[];
}

const DAY_MS = 86_400_000;

/** `sessions`: the newest first. Of the ways that a conversation has gone, the one that somebody spoke in last is shown. */
export function groupsOf(sessions: readonly Session[], now: Date): readonly SessionGroup[] {
  const families = new Set<string>();
  const groups = new Map<string, Session[]>();
  for (const session of sessions) {
    const family = familyOf(session);
    if (families.has(family)) continue;
    families.add(family);
    const label = isPinned(session) ? texts.chat.pinned : labelOf(new Date(session.updatedAt), now);
    groups.set(label, [...(groups.get(label) ?? []), session]);
  }
  const all = [...groups].map(([label, members]) => ({ label, sessions: members }));
  return all.toSorted((a, b) => Number(b.label === texts.chat.pinned) - Number(a.label === texts.chat.pinned));
}

export function isPinned({ metadata }: Session): boolean {
  return metadata?.[PINNED] === true;
}

function labelOf(at: Date, now: Date): string {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate()).getTime();
  // Days differ in length by an hour where clocks are changed.
  const days = Math.ceil((midnight - at.getTime()) / DAY_MS);
  if (days <= 0) return texts.chat.today;
  if (days === 1) return texts.chat.yesterday;
  if (days <= 7) return texts.chat.lastDays(7);
  if (days <= 30) return texts.chat.lastDays(30);
  return dateText(at, { month: 'long', year: 'numeric' });
}
