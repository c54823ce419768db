/** What a task is called in lists: what was asked, in a line. */
import { cutAtPoints } from '@continuo/agent/internal/platform/text.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';

const LONGEST = 120;
/** Fields of data that a line has room for. */
const MOST_FIELDS = 4;

/**
 * The first line of the text; else of data its fields, as `steps: 40, delayMs: 1000`, and of files their names; at most
 * 120 code points, never cut inside a character. Empty for a message that has none of these.
 */
export function titleOf(parts: readonly Part[]): string {
  const text = parts.find((part) => part.text !== undefined && part.text.trim() !== '')?.text;
  if (text !== undefined) return inShort(text.trim().split('\n', 1)[0] ?? '');
  const data = parts.find((part) => part.data !== undefined)?.data;
  if (data !== undefined) return inShort(inALine(data));
  return inShort(parts.flatMap(({ filename }) => filename ?? []).join(', '));
}

function inALine(data: unknown): string {
  if (typeof data !== 'object' || data === null) return String(data);
  if (Array.isArray(data)) return data.slice(0, MOST_FIELDS).map(nameOf).filter(Boolean).join(', ');
  return Object.entries(data)
    .slice(0, MOST_FIELDS)
    .map(([name, value]) => [name, nameOf(value)].filter(Boolean).join(': '))
    .join(', ');
}

/** Of something with parts its name, where it has one. */
function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const name = (['name', 'title', 'id'] as const).map((key) => (value as Record<string, unknown>)[key]);
  return name.find((one): one is string => typeof one === 'string') ?? '';
}

function inShort(text: string): string {
  return cutAtPoints(text.replaceAll(/\p{Cc}+/gu, ' ').trim(), LONGEST);
}
