/** Which files the models of each provider read; all others they are told by name. */
import { createHash } from 'node:crypto';
import { providerOfModel, type LanguageModel } from './language-model.js';

/** Media types that a provider takes beside text. */
export type Reads = ReadonlySet<string>;

const images = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const pdf = 'application/pdf';

/** Whoever isn't here, and servers that call themselves compatible: what the protocol knows. Not each of them reads all of it. */
const others: Reads = new Set([...images, 'audio/wav', 'audio/mpeg', pdf]);

const providers: Readonly<Record<string, Reads>> = {
  anthropic: new Set([...images, pdf]),
  openai: new Set([...images, pdf]),
  google: new Set([
    ...['png', 'jpeg', 'webp', 'heic', 'heif'].map((kind) => `image/${kind}`),
    ...['wav', 'mpeg', 'aiff', 'aac', 'ogg', 'flac'].map((kind) => `audio/${kind}`),
    ...['mp4', 'mpeg', 'quicktime', 'webm', 'x-flv', '3gpp'].map((kind) => `video/${kind}`),
    pdf,
  ]),
};

export function readsOf(model: Pick<LanguageModel, 'provider'>): Reads {
  const name = providerOfModel(model);
  return (Object.hasOwn(providers, name) ? providers[name] : undefined) ?? others;
}

/** Other names of the same. */
const aliases: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'audio/mp3': 'audio/mpeg',
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'application/x-pdf': pdf,
};

/** How files of these types begin; in hexadecimal, a dot for any half of a byte. */
const beginnings: readonly (readonly [mediaType: string, begins: RegExp])[] = [
  ['image/png', /^89504e470d0a1a0a/],
  ['image/jpeg', /^ffd8ff/],
  ['image/gif', /^474946383[79]61/],
  ['image/webp', /^52494646.{8}57454250/],
  [pdf, /^255044462d/],
];

/**
 * The type in the words of providers. What the content begins with counts for more than what it is called, where it is
 * called a picture, a PDF or nothing in particular: providers refuse what is called by another name.
 */
export function mediaTypeOf(mediaType: string, base64: string): string {
  const said = mediaType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const type = aliases[said] ?? said;
  if (!/^(image\/.*|application\/(pdf|octet-stream)|)$/.test(type)) return type;
  return beginsAs(base64) ?? type;
}

/** Whether it begins in another way than all files of its type do. */
export function looksBroken(mediaType: string, base64: string): boolean {
  return beginnings.some(([type]) => type === mediaType) && beginsAs(base64) !== mediaType;
}

function beginsAs(base64: string): string | undefined {
  const begin = Buffer.from(base64.slice(0, 24), 'base64').toString('hex');
  return beginnings.find(([, begins]) => begins.test(begin))?.[0];
}

/** Tells the contents of files apart. */
export function digestOf(base64: string): string {
  return createHash('sha256').update(base64).digest('base64url').slice(0, 22);
}
