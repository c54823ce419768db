/** What somebody has typed, as a part of a message. */
import type { Part } from '@continuo/client';
import { fieldsOf, textIn } from '@continuo/client/facts';

/** What is an object in JSON is meant as data: most functions take nothing else. */
export function toPart(text: string): Part {
  if (!/^\s*\{[\s\S]*\}\s*$/.test(text)) return { text };
  const data = fieldsOf(parsed(text));
  return data === undefined ? { text } : { data };
}

/** With the files that go with it; nothing where nothing was typed. */
export function toParts(text: string, files: readonly Part[]): readonly Part[] {
  return text.trim() === '' ? files : [toPart(text), ...files];
}

/** As what the question's schema asks for, where the text can be that; else as it is, and the server says what is wrong. */
export function toAnswer(text: string, schema: Readonly<Record<string, unknown>> | undefined): Part {
  const type = textIn(schema, 'type');
  if (schema === undefined || type === 'string') return { text };
  if (type === undefined || type === 'object') return toPart(text);
  if (type === 'boolean' && /^\s*(?:yes|no)[.!]?\s*$/i.test(text)) return { data: /^\s*y/i.test(text) };
  const data = parsed(text);
  return data === undefined ? { text } : { data };
}

/** Undefined for what is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
