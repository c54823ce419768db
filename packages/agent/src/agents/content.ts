/** Takes messages apart for agents, and puts what agents say into parts. */
import { z } from 'zod';
import { TerminalError } from '../platform/errors.js';
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

/** Throws TerminalError for what are no parts. */
export function toParts(say: Say): readonly Part[] {
  if (typeof say === 'string') return [{ text: say }];
  if (Array.isArray(say) && say.length > 0 && say.every(isPlainText)) return say.map(({ text }) => ({ text }));
  const parts = partsSchema.safeParse(say);
  if (parts.success) return parts.data;
  const [issue] = parts.error.issues;
  const where = `parts${z.core.toDotPath(issue?.path ?? [])}`;
  throw new TerminalError(`The agent returned an invalid message: ${where}: ${issue?.message ?? ''}`);
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
