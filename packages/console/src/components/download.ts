/** Parts as files: what is in them, what they are called, and how they reach the disk. */
import type { Artifact, Part } from '@continuo/client';
import { fixed } from '../formats.js';
import { startOf } from './cut-text.js';

const LONGEST_NAME = 120;

export function toBlob({ text, raw, data, mediaType }: Part): Blob | undefined {
  if (text !== undefined) return new Blob([text], { type: mediaType ?? 'text/plain' });
  if (raw !== undefined) return new Blob([toBytes(raw)], { type: mediaType ?? 'application/octet-stream' });
  if (data !== undefined) return new Blob([JSON.stringify(data, undefined, 2)], { type: 'application/json' });
  return undefined;
}

export function fileNameOf(part: Part, { name, artifactId }: Pick<Artifact, 'name' | 'artifactId'>): string {
  const given = part.filename ?? name ?? artifactId;
  // Agents choose names; a path is none.
  const shown = given.replaceAll(/[^\p{L}\p{N} ._-]+/gu, '_').replace(/^\.+/, '');
  const safe = startOf(shown, LONGEST_NAME) || 'artifact';
  return /\.\w{1,8}$/.test(safe) ? safe : `${safe}${extensionOf(part)}`;
}

export function save(blob: Blob, fileName: string): void {
  // The type of the file is nothing that the browser may open here.
  const url = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function isMarkdown({ mediaType, filename }: Part, name = ''): boolean {
  if (mediaType !== undefined && mediaType !== '') return /^text\/(x-)?markdown/.test(mediaType);
  const file = filename ?? name;
  return !/\.\w{1,8}$/.test(file) || file.endsWith('.md');
}

/** How a text is shown: as one of these, else as code in the language that this names; '' where nobody says. */
export type TextKind = 'markdown' | 'csv' | 'tsv' | 'json' | (string & {});

const kinds: Readonly<Record<string, TextKind>> = {
  'text/csv': 'csv',
  'text/tab-separated-values': 'tsv',
  'application/json': 'json',
  'text/html': 'html',
  'text/css': 'css',
  'text/javascript': 'js',
  'application/yaml': 'yaml',
};

export function kindOf(part: Part, name = ''): TextKind {
  if (isMarkdown(part, name)) return 'markdown';
  const named = kinds[part.mediaType?.split(';', 1)[0]?.trim().toLowerCase() ?? ''];
  return named ?? /\.(\w{1,8})$/.exec(part.filename ?? name)?.[1]?.toLowerCase() ?? '';
}

export function bytes(count: number): string {
  if (count < 1_000) return `${count} B`;
  return count < 1_000_000 ? `${fixed(count / 1_000, 1)} KB` : `${fixed(count / 1_000_000, 1)} MB`;
}

function extensionOf(part: Part): string {
  if (part.data !== undefined) return '.json';
  if (part.text !== undefined) return isMarkdown(part) ? '.md' : '.txt';
  return '';
}

function toBytes(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
