/** What the drivers expect of answers, with words that say what came instead. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

export const { equal, match, ok } = assert;

/** Everything that a stream gives. */
export async function all(stream) {
  const seen = [];
  for await (const value of stream) seen.push(value);
  return seen;
}

/** The text of A2A 0.3's parts. */
export function textOf(parts = []) {
  return parts.map((part) => part.text ?? '').join('');
}

/** A user's message as A2A 0.3 and 0.2 have it: text, or a value as a data part. */
export function oldMessage(content, details = {}) {
  const part = typeof content === 'string' ? { kind: 'text', text: content } : { kind: 'data', data: content };
  return { kind: 'message', messageId: randomUUID(), role: 'user', parts: [part], ...details };
}

/** As those versions ask for a task that goes on until somebody cancels it. */
export function longRequest() {
  return { message: oldMessage({ steps: 1_000, delayMs: 50 }), configuration: { blocking: false } };
}

/** The error that `promise` rejects with. */
export async function errorOf(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error('expected an error, got an answer');
}
