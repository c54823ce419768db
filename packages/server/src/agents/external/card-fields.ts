/** What the card of a remote agent says, field by field and small enough to be kept, and what another one says otherwise. */
import { createHash } from 'node:crypto';
import type { AgentCard } from '@a2a-js/sdk';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import { storable } from '@continuo/agent/internal/platform/storable.js';
import { cut } from '@continuo/agent/internal/platform/text.js';
import { canonicalJson } from '../../platform/canonical-json.js';
import { hidingLearned } from '../../platform/secrets.js';

const MOST_FIELDS = 300;
const MOST_CHARACTERS = 1_000;
const NAME_CHARACTERS = 200;
/** Who may sign in to an address, which is no business of whoever reads it. */
const USER_OF_URL = /\/\/[^\s/@]+@/g;

export interface CardFields {
  /** Of the whole card but its signatures, also of what is not among `fields`. */
  readonly digest: string;
  /** Texts by the paths of the fields: `skills[search].description`. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface CardChange {
  /** Its path: `skills[search].description`. */
  readonly field: string;
  /** Absent when the field is new. */
  readonly before?: string;
  /** Absent when the field is gone. */
  readonly after?: string;
}

/** Without what headers hold that are sent to remote agents, as far as this process knows them. */
export function cardFields(card: AgentCard): CardFields {
  const { signatures: _, ...said } = card;
  const kept = [...textsIn(said, '')]
    .slice(0, MOST_FIELDS)
    .map(([field, text]) => [shown(field, NAME_CHARACTERS), shown(text)]);
  return {
    digest: createHash('sha256').update(canonicalJson(said)).digest('hex'),
    fields: storable(Object.fromEntries(kept)),
  };
}

/** In the order of `after`; what it no longer has comes last. */
export function cardChanges(before: CardFields['fields'], after: CardFields['fields']): readonly CardChange[] {
  const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...now.keys(), ...old.keys()])].flatMap((field) => {
    const [was, is] = [old.get(field), now.get(field)];
    if (was === is) return [];
    return [{ field, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }];
  });
}

/** The texts below `value` with the paths of their fields. A list of values is one text, a line for each. */
function* textsIn(value: unknown, path: string): Generator<readonly [string, string]> {
  if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) yield* textsIn(inner, path === '' ? name : `${path}.${name}`);
  } else if (Array.isArray(value) && value.every(isObject)) {
    const names = value.map(nameOf);
    for (const [index, inner] of value.entries()) {
      const name = names[index] ?? '';
      yield* textsIn(inner, `${path}[${name !== '' && names.indexOf(name) === index ? name : index}]`);
    }
  } else {
    const text = Array.isArray(value) ? value.map(textOf).join('\n') : textOf(value);
    if (text !== '') yield [path, text];
  }
}

/** What tells it from the others of its list, wherever it stands there: a skill, an extension, an interface; empty when nothing does. */
function nameOf({ id, uri, protocolBinding, protocolVersion, name }: Readonly<Record<string, unknown>>): string {
  if (protocolBinding !== undefined) return `${textOf(protocolBinding)} ${textOf(protocolVersion)}`;
  return textOf(id ?? uri ?? name);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value ?? undefined) ?? '');
}

function shown(text: string, most = MOST_CHARACTERS): string {
  return cut(hidingLearned(text).replaceAll(USER_OF_URL, '//'), most);
}
