/** What a person has written, as the answer that the schema of the question asks for. */
import { withoutClosing } from './closing.js';

export type JsonSchema = Readonly<Record<string, unknown>>;
/** A part of A2A's message: text where text is asked for, data everywhere else. */
export type AnswerPart = { readonly text: string } | { readonly data: unknown };

const YES = ['yes', 'y', 'true', 'ok', 'okay', 'approve', 'approved', 'ja'];
const NO = ['no', 'n', 'false', 'deny', 'denied', 'reject', 'rejected', 'nein'];
const MOST_NAMED = 20;
/** What is longer is neither a choice nor a number with a closing below it. */
const MOST_READ = 10_000;
/** May stand around a word. */
const AROUND = `"'“”*_.!,;:`;

/**
 * Undefined for text that isn't what is asked for. The server checks everything else that the schema says. `names`: what may
 * stand below an answer without a closing: names or addresses of who has written it.
 */
export function answerFrom(
  text: string,
  schema: JsonSchema | undefined,
  names: readonly string[] = [],
): AnswerPart | undefined {
  const said = text.trim();
  if (said === '') return undefined;
  if (schema === undefined) return { text: said };
  const value = valueIn(said, schema, names);
  if (value === undefined) return undefined;
  return typeof value === 'string' ? { text: value } : { data: value };
}

/** What belongs into an answer, in words: `one of: approve, deny`; undefined where any text does. */
export function expectedBy(schema: JsonSchema | undefined): string | undefined {
  if (schema === undefined) return undefined;
  const choices = choicesOf(schema);
  if (choices !== undefined) return `one of: ${choices.slice(0, MOST_NAMED).map(labelOf).join(', ')}`;
  const all = alternativesOf(schema);
  if (all.length > 0) {
    const each = all.map(expectedBy);
    return each.includes(undefined) ? undefined : [...new Set(each)].join('; or ');
  }
  const type = typeOf(schema);
  if (type === 'boolean') return 'yes or no';
  if (type === 'integer') return 'a whole number';
  if (type === 'number') return 'a number';
  if (type === 'array') return 'a JSON list';
  if (type !== 'object') return undefined;
  const field = onlyField(schema);
  if (field !== undefined) return expectedBy(field.schema);
  return `a JSON object with ${Object.keys(fieldsOf(schema)).slice(0, MOST_NAMED).join(', ')}`;
}

function valueIn(text: string, schema: JsonSchema, names: readonly string[]): unknown {
  const choices = choicesOf(schema);
  if (choices !== undefined) {
    const labels = (choice: Choice): readonly string[] => [String(choice.value), labelOf(choice)];
    // Below one choice the word for another is no name.
    const isSaidOf = (choice: Choice): boolean => isSaid(text, labels(choice), choices.flatMap(labels), names);
    return choices.find(isSaidOf)?.value;
  }
  const all = alternativesOf(schema);
  if (all.length > 0) {
    // What takes any text is the last resort.
    const narrowFirst = all.toSorted((one, other) => Number(takesAnyText(one)) - Number(takesAnyText(other)));
    return narrowFirst.map((one) => valueIn(text, one, names)).find((value) => value !== undefined);
  }
  const type = typeOf(schema);
  if (type === 'boolean') return isSaid(text, YES, [], names) ? true : isSaid(text, NO, [], names) ? false : undefined;
  if (type === 'number' || type === 'integer') return numberIn(text, names);
  if (type === 'array') return parsed(text, Array.isArray);
  if (type !== 'object') return text;
  const whole = parsed(text, (value) => typeof value === 'object' && value !== null && !Array.isArray(value));
  const field = whole === undefined ? onlyField(schema) : undefined;
  if (field === undefined) return whole;
  const value = valueIn(text, field.schema, names);
  return value === undefined ? undefined : { [field.name]: value };
}

/** The one field that the object has, or has to have: what is written in plain words is for it. */
function onlyField(schema: JsonSchema): { readonly name: string; readonly schema: JsonSchema } | undefined {
  const fields = fieldsOf(schema);
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  const names = Object.keys(fields).length === 1 ? Object.keys(fields) : required;
  const [name = ''] = names;
  const own = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return names.length === 1 && isSchema(own) ? { name, schema: own } : undefined;
}

interface Choice {
  readonly value: unknown;
  readonly title?: unknown;
}

/** `enum`, `const`, or alternatives that are all `const`, as forms have them. */
function choicesOf(schema: JsonSchema): readonly Choice[] | undefined {
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value: unknown) => ({ value }));
  if ('const' in schema) return [{ value: schema['const'], title: schema['title'] }];
  const each = alternativesOf(schema).map(choicesOf);
  return each.length === 0 || each.includes(undefined) ? undefined : each.flatMap((choices) => choices ?? []);
}

function labelOf({ value, title }: Choice): string {
  return typeof title === 'string' ? title : String(value);
}

function alternativesOf(schema: JsonSchema): readonly JsonSchema[] {
  const { anyOf, oneOf, type } = schema;
  if (Array.isArray(type))
    return type.filter((one) => one !== 'null').map((one: unknown) => ({ ...schema, type: one }));
  return [anyOf, oneOf].flatMap((all) => (Array.isArray(all) ? all.filter(isSchema) : []));
}

function takesAnyText(schema: JsonSchema): boolean {
  return choicesOf(schema) === undefined && expectedBy(schema) === undefined;
}

function typeOf({ type, properties }: JsonSchema): unknown {
  return type ?? (isSchema(properties) ? 'object' : undefined);
}

function fieldsOf({ properties }: JsonSchema): JsonSchema {
  return isSchema(properties) ? properties : {};
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One of these words, whatever the case and the punctuation. */
function isSaid(text: string, words: readonly string[], answers: readonly string[], names: readonly string[]): boolean {
  if (text.length > MOST_READ) return false;
  const said = bare(withoutClosing(text, { names, answers: [...YES, ...NO, ...answers] }));
  return words.some((word) => said === bare(word));
}

/** Walks in from both ends: an expression for the end of a text looks at a long row of dots once for each dot. */
function bare(text: string): string {
  const said = text.toLowerCase();
  let start = 0;
  let end = said.length;
  while (start < end && isAround(said.charAt(start))) start += 1;
  while (end > start && isAround(said.charAt(end - 1))) end -= 1;
  return said.slice(start, end);
}

function isAround(character: string): boolean {
  return AROUND.includes(character) || character.trim() === '';
}

function numberIn(text: string, names: readonly string[]): number | undefined {
  if (text.length > MOST_READ) return undefined;
  const line = bare(withoutClosing(text, { names, answers: [...YES, ...NO] }));
  // "1,000" is a thousand to some and one to others.
  if (!/^[-+]?\d+([.,]\d+)?$/.test(line) || /^[-+]?[1-9]\d{0,2}[.,]\d{3}$/.test(line)) return undefined;
  const value = Number(line.replace(',', '.'));
  return Number.isFinite(value) ? value : undefined;
}

function parsed(text: string, fits: (value: unknown) => boolean): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return fits(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
