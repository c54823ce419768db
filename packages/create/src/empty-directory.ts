/** A project is made where nothing is yet, so that nobody's files are written over. */
import { mkdir, readdir } from 'node:fs/promises';
import { CreateFailedError } from './create-failed.js';

/** What doesn't count: a fresh clone of an empty repository, and what systems and editors leave behind. */
const IGNORED: ReadonlySet<string> = new Set(['.git', '.DS_Store', 'Thumbs.db', '.idea', '.vscode']);
const NAMED = 3;

/** Throws CreateFailedError unless nothing is in `directory`, or it isn't there. */
export async function ensureEmpty(directory: string): Promise<void> {
  const found = (await entriesOf(directory)).filter((name) => !IGNORED.has(name)).toSorted();
  if (found.length === 0) return;
  const names = found.slice(0, NAMED).join(', ');
  const more = found.length > NAMED ? ` and ${found.length - NAMED} more` : '';
  throw new CreateFailedError(`${directory} is not empty (${names}${more}). Choose another directory.`);
}

/** Makes it with what is above it. Throws CreateFailedError. */
export async function makeDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true }).catch((error: unknown) => {
    throw refused(directory, error);
  });
}

async function entriesOf(directory: string): Promise<readonly string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw refused(directory, error);
  }
}

function refused(directory: string, error: unknown): unknown {
  const reasons: Readonly<Record<string, string>> = {
    ENOTDIR: `${directory} can't be a directory: a file is in its place, or above it.`,
    EEXIST: `${directory} can't be a directory: a file is in its place.`,
    EACCES: `You may not write to ${directory}. Choose another directory.`,
    EPERM: `You may not write to ${directory}. Choose another directory.`,
    EROFS: `${directory} can't be written to. Choose another directory.`,
  };
  const reason = reasons[codeOf(error) ?? ''];
  return reason === undefined ? error : new CreateFailedError(reason, { cause: error });
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
