/** Compares what an artifact held with what it holds now, whatever chunks it came in. */
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import { joinParts } from '@continuo/agent/internal/tasks/fold.js';

/** The same parts as the fold of a log joins them; a text that says nothing is left out. */
export function joined(parts: readonly Part[]): readonly Part[] {
  return joinParts(parts.filter((part) => part.text !== '' || part.metadata !== undefined));
}

/** What `after` holds behind all of `before`; undefined when it doesn't begin with it. Both are joined. */
export function newParts(before: readonly Part[], after: readonly Part[]): readonly Part[] | undefined {
  const last = before.length - 1;
  for (const [index, part] of before.entries()) {
    const now = after[index];
    const text = index === last ? textBehind(part, now) : undefined;
    if (text !== undefined) {
      // Without metadata, so that it goes on in the part that was there.
      const { metadata: _, ...more } = { ...now, text };
      return joined([more, ...after.slice(before.length)]);
    }
    if (JSON.stringify(part) !== JSON.stringify(now)) return undefined;
  }
  return after.slice(before.length);
}

/** What `now` says behind the text of `part`, when both are text and differ in nothing else. */
function textBehind(part: Part, now: Part | undefined): string | undefined {
  if (part.text === undefined || now?.text?.startsWith(part.text) !== true) return undefined;
  const same = JSON.stringify({ ...part, text: '' }) === JSON.stringify({ ...now, text: '' });
  return same ? now.text.slice(part.text.length) : undefined;
}
