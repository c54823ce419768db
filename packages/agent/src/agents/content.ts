/** Takes messages apart for agents, and puts what agents say into parts. */
import { z } from 'zod';
import { TerminalError } from '../platform/errors.js';
import { lostInJson } from '../platform/storable.js';
import { isNothing } from '../platform/text.js';
import { isPlainText, partSchema, textOf, type Part } from '../sessions/message.js';
import type { Content, Say, TaskFile } from './task-context.js';

export function contentOf(parts: readonly Part[]): Content {
  return {
    text: textOf(parts),
    data: parts.find((part) => part.data !== undefined)?.data,
    files: parts.flatMap(toFile),
    parts,
  };
}

const partsSchema = z.array(partSchema).min(1);

/** Throws TerminalError for what are no parts; `method` is what the agent has called with them. */
export function toParts(say: Say, method?: string): readonly Part[] {
  if (typeof say === 'string') return [{ text: say }];
  if (method !== undefined && Array.isArray(say) && say.length === 0) {
    throw new TerminalError(`${method}: expected text or a list of at least one part, got an empty list.`);
  }
  if (Array.isArray(say) && say.length > 0 && say.every(isPlainText)) return say.map(({ text }) => ({ text }));
  const parts = partsSchema.safeParse(say);
  if (parts.success) return checkData(parts.data);
  const [issue] = parts.error.issues;
  const where = `parts${z.core.toDotPath(issue?.path ?? [])}`;
  throw new TerminalError(`The agent returned an invalid message: ${where}: ${issue?.message ?? ''}`);
}

/** Throws TerminalError for parts with data of which JSON would keep nothing: they would be empty. */
export function checkData(parts: readonly Part[]): readonly Part[] {
  for (const [index, { data }] of parts.entries()) {
    const lost = data === undefined ? undefined : lostInJson(data);
    if (lost === undefined) continue;
    throw new TerminalError(
      `The agent returned an invalid message: parts[${index}].data: ${lost}, which JSON does not know`,
    );
  }
  return parts;
}

/** What an agent asks with: an answer to the one counts for no question of the other. */
export const ASKED_BY = { INPUT_REQUIRED: 'requestInput', AUTH_REQUIRED: 'requestAuth' } as const;

export type Asks = (typeof ASKED_BY)[keyof typeof ASKED_BY];

/** The parts of a question. Throws TerminalError for one in which there is nothing to read: nobody could answer it. */
export function toQuestion(say: Say, method: Asks): readonly Part[] {
  const parts = toParts(say, method);
  if (!saysNothing(parts)) return parts;
  throw new TerminalError(
    `${method}: expected a question, got text in which there is nothing to read. Say what you ask for: people see nothing else.`,
  );
}

/** Whether there is nothing but empty text in them, or less. */
export function saysNothing(parts: readonly Part[]): boolean {
  return parts.every(({ text }) => text !== undefined && isNothing(text));
}

function toFile(part: Part): readonly TaskFile[] {
  if (part.raw === undefined && part.url === undefined) return [];
  return [
    {
      name: part.filename ?? '',
      mediaType: part.mediaType ?? 'application/octet-stream',
      ...(part.raw === undefined ? {} : { raw: part.raw }),
      ...(part.url === undefined ? {} : { url: part.url }),
    },
  ];
}
