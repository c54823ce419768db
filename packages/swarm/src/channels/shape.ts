/** What a piece of a channel is made of, with the limits of each part: checked, and enforced. */
import { cutAtSentence } from './cut.js';
import { lengthOf, type Measure } from './measure.js';

export interface TextShape {
  readonly kind: 'text';
  readonly max: number;
  readonly measure: Measure;
}

export interface ListShape {
  readonly kind: 'list';
  readonly of: Shape;
  readonly min: number;
  readonly max: number;
}

export interface GroupShape {
  readonly kind: 'group';
  readonly fields: Readonly<Record<string, Shape>>;
  /** The most characters that all texts of the group may have together, with a space between them. */
  readonly together?: number;
}

export type Shape = TextShape | ListShape | GroupShape;

/** The value of a shape: a text, a list or a group of them. */
export type Content = string | readonly Content[] | { readonly [name: string]: Content };

/** A part of a content that breaks a limit: `posts[2]`, `has 301 characters, at most 280 fit`. */
export interface Violation {
  readonly path: string;
  readonly problem: string;
}

export function text(max: number, measure: Measure = 'characters'): TextShape {
  return { kind: 'text', max, measure };
}

export function list(of: Shape, min: number, max: number): ListShape {
  return { kind: 'list', of, min, max };
}

export function group(fields: Readonly<Record<string, Shape>>, together?: number): GroupShape {
  return { kind: 'group', fields, ...(together === undefined ? {} : { together }) };
}

/** Every text of a content with its place in it: `emails[0].subject`. */
export function textsOf(content: Content, path = ''): readonly { readonly path: string; readonly text: string }[] {
  if (typeof content === 'string') return [{ path, text: content }];
  if (isList(content)) return content.flatMap((item, index) => textsOf(item, `${path}[${index}]`));
  return Object.entries(content).flatMap(([name, value]) => textsOf(value, path === '' ? name : `${path}.${name}`));
}

export function violationsOf(shape: Shape, content: Content, path = ''): readonly Violation[] {
  if (shape.kind === 'text') return textViolations(shape, asText(content), path);
  if (shape.kind === 'list') {
    const items = asList(content);
    const few = items.length < shape.min ? [`has ${items.length} entries, at least ${shape.min} are needed`] : [];
    const many = items.length > shape.max ? [`has ${items.length} entries, at most ${shape.max} fit`] : [];
    const inside = items.flatMap((item, index) => violationsOf(shape.of, item, `${path}[${index}]`));
    return [...[...few, ...many].map((problem) => ({ path, problem })), ...inside];
  }
  const members = asGroup(content);
  const inside = Object.entries(shape.fields).flatMap(([name, of]) =>
    violationsOf(of, members[name] ?? '', path === '' ? name : `${path}.${name}`),
  );
  const length = togetherLength(members);
  if (shape.together === undefined || length <= shape.together) return inside;
  return [...inside, { path, problem: `has ${length} characters in all, at most ${shape.together} fit` }];
}

/** The content within the limits: texts cut at a sentence, lists cut at their end, empty entries left out. */
export function fit(shape: Shape, content: Content): Content {
  if (shape.kind === 'text') return cutAtSentence(asText(content).trim(), shape.max, shape.measure);
  if (shape.kind === 'list') {
    return asList(content)
      .map((item) => fit(shape.of, item))
      .filter((item) => textsOf(item).some(({ text: inside }) => inside !== ''))
      .slice(0, shape.max);
  }
  const members = asGroup(content);
  const fitted = Object.fromEntries(
    Object.entries(shape.fields).map(([name, of]) => [name, fit(of, members[name] ?? '')]),
  );
  return shape.together === undefined ? fitted : fitTogether(shape, shape.together, fitted);
}

/** The first text of the group gives what is too much. */
function fitTogether(shape: GroupShape, together: number, members: Readonly<Record<string, Content>>): Content {
  const excess = togetherLength(members) - together;
  const first = Object.keys(shape.fields).find((name) => typeof members[name] === 'string');
  if (excess <= 0 || first === undefined) return members;
  const long = asText(members[first] ?? '');
  return { ...members, [first]: cutAtSentence(long, Math.max(0, long.length - excess), 'characters') };
}

function togetherLength(members: Content): number {
  return textsOf(members)
    .map(({ text: inside }) => inside)
    .join(' ').length;
}

function textViolations({ max, measure }: TextShape, value: string, path: string): readonly Violation[] {
  if (value.trim() === '') return [{ path, problem: 'is empty' }];
  const length = lengthOf(value.trim(), measure);
  return length > max ? [{ path, problem: `has ${length} characters, at most ${max} fit` }] : [];
}

function isList(content: Content): content is readonly Content[] {
  return Array.isArray(content);
}

function asText(content: Content): string {
  return typeof content === 'string' ? content : '';
}

function asList(content: Content): readonly Content[] {
  return isList(content) ? content : [];
}

function asGroup(content: Content): Readonly<Record<string, Content>> {
  return typeof content === 'string' || isList(content) ? {} : content;
}
