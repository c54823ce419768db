/** Takes messages apart for agents, and puts what agents say into parts. */
import { textOf, type Part } from '../sessions/message.js';
import type { Content, Say, TaskFile } from './task-context.js';

export function contentOf(parts: readonly Part[]): Content {
  return {
    text: textOf(parts),
    data: parts.find((part) => part.data !== undefined)?.data,
    files: parts.flatMap(toFile),
    parts,
  };
}

export function toParts(say: Say): readonly Part[] {
  return typeof say === 'string' ? [{ text: say }] : say;
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
