/** What a turn says, as the texts that OpenAI's clients show: files become links, and data its JSON where there is no text. */
import { textOf, type Part } from '@continuo/agent/internal/sessions/message.js';
import { fileAddress } from '../file-address.js';
import type { Said, Settled } from '../said.js';

/** More of a text; `anew`: of another one than before. */
export interface WrittenPiece {
  readonly text: string;
  readonly anew: boolean;
}

/** Between texts that stand in one. */
const BREAK = '\n\n';

export class Written {
  #isEmpty = true;
  readonly #data: unknown[] = [];
  readonly #files: string[] = [];

  /** `taskUrl`: the address of the task, below which its artifacts are. */
  constructor(private readonly taskUrl: string) {}

  /** What is to be written for the next thing that was said; undefined: nothing. */
  of(said: Said): WrittenPiece | undefined {
    if (said.kind === 'part') this.#keep(said.artifact.artifactId, said.part);
    const piece =
      said.kind === 'text' ? said : said.kind === 'settled' ? { text: this.#last(said), anew: true } : undefined;
    if (piece === undefined || piece.text === '') return undefined;
    this.#isEmpty = false;
    return { text: piece.text, anew: piece.anew };
  }

  #last({ state, message, calls }: Settled): string {
    const files = this.#files.length === 0 ? [] : [this.#files.join('\n')];
    if (calls.length > 0) return files.join(BREAK);
    // What is asked is often about what was made.
    if (state !== 'COMPLETED')
      return [...files, textOf(message?.parts ?? [])].filter((text) => text !== '').join(BREAK);
    const data = this.#isEmpty ? this.#data.map((value) => JSON.stringify(value)) : [];
    return [...data, ...files].join(BREAK);
  }

  #keep(artifactId: string, part: Part): void {
    const { data, text, filename = 'file' } = part;
    if (text !== undefined) return;
    if (data !== undefined) {
      this.#data.push(data);
      return;
    }
    const name = filename.replaceAll(/\s+/g, ' ').replaceAll(/[[\]\\]/g, String.raw`\$&`);
    const address = fileAddress(part, artifactId, this.taskUrl).replaceAll(/[<>\s]/g, encodeURIComponent);
    this.#files.push(`[${name}](<${address}>)`);
  }
}

/** The same as one text: what is to be written behind the rest. */
export class WrittenInOne {
  readonly #written: Written;
  #isEmpty = true;

  constructor(taskUrl: string) {
    this.#written = new Written(taskUrl);
  }

  /** Empty when there is nothing to write. */
  of(said: Said): string {
    const piece = this.#written.of(said);
    if (piece === undefined) return '';
    const text = piece.anew && !this.#isEmpty ? `${BREAK}${piece.text}` : piece.text;
    this.#isEmpty = false;
    return text;
  }
}
