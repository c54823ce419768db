/** Compares what an artifact held with what it holds now, whatever chunks it came in. */
import type { Part } from '../../sessions/message.js';

function isPlainText(part: Part | undefined): part is Part & { readonly text: string } {
  return (
    part?.text !== undefined && Object.entries(part).every(([key, value]) => key === 'text' || value === undefined)
  );
}

/** The same parts with plain text in one piece, as a streamed document is read. */
export function joined(parts: readonly Part[]): readonly Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.at(-1);
    if (isPlainText(part) && part.text === '') continue;
    if (isPlainText(part) && isPlainText(last)) result[result.length - 1] = { text: last.text + part.text };
    else result.push(part);
  }
  return result;
}

/** What `after` holds behind all of `before`; undefined when it doesn't begin with it. Both are joined. */
export function newParts(before: readonly Part[], after: readonly Part[]): readonly Part[] | undefined {
  const last = before.length - 1;
  for (const [index, part] of before.entries()) {
    const now = after[index];
    if (index === last && isPlainText(part) && isPlainText(now) && now.text.startsWith(part.text)) {
      return joined([{ text: now.text.slice(part.text.length) }, ...after.slice(before.length)]);
    }
    if (JSON.stringify(part) !== JSON.stringify(now)) return undefined;
  }
  return after.slice(before.length);
}
