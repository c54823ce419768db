/** Files in the results of tools: models that read them there are shown them, all others have their names. */
import type { Part } from '../../sessions/message.js';

/** A file as a tool gave it, kept with the result. */
export interface ResultFile {
  /** Base64. */
  readonly data: string;
  readonly mediaType: string;
}

/** Characters of base64 that all files of a result may have together; what is beyond is only named. */
const MOST_CHARACTERS = 4 * 1024 ** 2;

/** What a tool gives whose result has files: `words` name them, for models that don't read such. */
class OutputWithFiles {
  constructor(
    readonly words: unknown,
    readonly files: readonly ResultFile[],
  ) {}
}

/** Whatever a tool gave. */
export function withFiles(output: unknown): Pick<OutputWithFiles, 'words' | 'files'> {
  return output instanceof OutputWithFiles ? output : { words: output, files: [] };
}

/** `words` with as many of the files in `parts` as there is room for. */
export function outputOf(words: unknown, parts: readonly Part[]): unknown {
  let room = MOST_CHARACTERS;
  const files = parts.flatMap(({ raw = '', mediaType }): readonly ResultFile[] => {
    if (raw === '' || mediaType === undefined || raw.length > room) return [];
    room -= raw.length;
    return [{ data: raw, mediaType }];
  });
  return files.length === 0 ? words : new OutputWithFiles(words, files);
}
