/** What tasks and their messages say, in words for a terminal. */
import type { Message, Part, Task } from '@continuo/client';
import { INPUT_EXTENSION } from '@continuo/client/extensions';
import { failureOf, fieldsIn, heldOf } from '@continuo/client/facts';

/** Text as it is, other parts by name or as JSON. */
export function partsText(parts: readonly Part[] = []): string {
  return parts
    .map(partText)
    .filter((text) => text !== '')
    .join('\n');
}

export function partText({ text, data, raw, url, filename, mediaType }: Part): string {
  if (text !== undefined) return text;
  if (data !== undefined) return JSON.stringify(data, undefined, 2);
  const name = filename ?? url ?? 'file';
  return raw === undefined && url === undefined ? '' : `[${name}${mediaType === undefined ? '' : `, ${mediaType}`}]`;
}

/** Why its agent's code can't go on with it: `step "load"`, and what the code does instead; undefined: it isn't held. */
export function heldInWords(task: Pick<Task, 'metadata'>): string | undefined {
  const held = heldOf(task);
  if (held === undefined) return undefined;
  return [held.finished, held.found].filter((side) => side !== '').join(' → ') || 'held';
}

/** Why it failed; undefined where nobody says so. */
export function failureInWords(task: Pick<Task, 'metadata'>): string | undefined {
  return failureOf(task)?.message || undefined;
}

/** JSON Schema of the answer, where the question has one. */
export function schemaOf(question: Message | undefined): Readonly<Record<string, unknown>> | undefined {
  return fieldsIn(fieldsIn(question?.metadata, INPUT_EXTENSION), 'schema');
}
