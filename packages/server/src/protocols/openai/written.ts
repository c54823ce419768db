/** What a turn says, as the texts that OpenAI's clients show: files become links, and data its JSON where there is no text. */
import { cutToBytes } from '@continuo/agent/internal/platform/text.js';
import { textOf, type Part } from '@continuo/agent/internal/sessions/message.js';
import type { Artifact } from '@continuo/agent/internal/tasks/task.js';
import { fileAddress } from '../file-address.js';
import type { Said, Settled } from '../said.js';

/** More of a text; `anew`: of another one than before. */
export interface WrittenPiece {
  readonly text: string;
  readonly anew: boolean;
}

/** Between texts that stand in one. */
const BREAK = '\n\n';

export interface WrittenOptions {
  /** The address of the task, below which its artifacts are. */
  readonly taskUrl: string;
  /** Bytes of text, and of data as JSON; what is more is linked. */
  readonly mostBytes: number;
  /** Text goes out as it comes, and may be of any length. Default: false. */
  readonly isPassedOn?: boolean;
}

export class Written {
  #isEmpty = true;
  /** Where the rest of the text is that was cut. */
  #cutAt: string | undefined;
  #textRoom: number;
  #dataRoom: number;
  #data: string[] = [];
  /** By where they are. */
  readonly #files = new Map<string, string>();

  constructor(private readonly options: WrittenOptions) {
    const { mostBytes, isPassedOn = false } = options;
    this.#textRoom = isPassedOn ? Infinity : mostBytes;
    this.#dataRoom = mostBytes;
  }

  /** Of what was said only the beginning is written, and where the rest is. */
  get isCut(): boolean {
    return this.#cutAt !== undefined;
  }

  /** What is to be written for the next thing that was said; undefined: nothing. */
  of(said: Said): WrittenPiece | undefined {
    if (said.kind === 'part') this.#keep(said.artifact, said.part);
    const piece =
      said.kind === 'text'
        ? { text: this.#within(said.text, said.artifactId), anew: said.anew }
        : said.kind === 'settled'
          ? { text: this.#last(said), anew: true }
          : undefined;
    if (piece === undefined || piece.text === '') return undefined;
    this.#isEmpty = false;
    this.#data = [];
    return piece;
  }

  /** As much of it as there is room for. */
  #within(text: string, artifactId: string | null): string {
    const bytes = this.#textRoom === Infinity ? 0 : Buffer.byteLength(text);
    if (!this.isCut && bytes <= this.#textRoom) {
      this.#textRoom -= bytes;
      return text;
    }
    const { taskUrl } = this.options;
    const address = artifactId === null ? taskUrl : fileAddress({}, artifactId, taskUrl);
    if (this.isCut) {
      if (address !== this.#cutAt) this.#link('answer', address);
      return '';
    }
    this.#cutAt = address;
    return `${cutToBytes(text, this.#textRoom)}${BREAK}[The answer goes on](<${address}>)`;
  }

  #last({ state, message, calls }: Settled): string {
    const files = this.#files.size === 0 ? [] : [[...this.#files.values()].join('\n')];
    if (calls.length > 0) return files.join(BREAK);
    // What is asked is often about what was made.
    if (state !== 'COMPLETED')
      return [...files, textOf(message?.parts ?? [])].filter((text) => text !== '').join(BREAK);
    return [...this.#data, ...files].join(BREAK);
  }

  #keep({ artifactId, name }: Artifact, part: Part): void {
    const { data, text, filename } = part;
    if (text !== undefined) return;
    const address = fileAddress(part, artifactId, this.options.taskUrl);
    if (data === undefined) this.#link(filename ?? 'file', address);
    else if (this.#isEmpty) this.#keepData(JSON.stringify(data), name ?? 'data', address);
  }

  #keepData(json: string, name: string, address: string): void {
    const bytes = Buffer.byteLength(json);
    if (bytes > this.#dataRoom) return this.#link(name, address);
    this.#dataRoom -= bytes;
    this.#data.push(json);
  }

  #link(given: string, address: string): void {
    if (this.#files.has(address)) return;
    const name = given.replaceAll(/\s+/g, ' ').replaceAll(/[[\]\\]/g, String.raw`\$&`);
    this.#files.set(address, `[${name}](<${address.replaceAll(/[<>\s]/g, encodeURIComponent)}>)`);
  }
}

/** The same as one text: what is to be written behind the rest. */
export class WrittenInOne {
  readonly #written: Written;
  #isEmpty = true;

  constructor(options: WrittenOptions) {
    this.#written = new Written(options);
  }

  /** See Written. */
  get isCut(): boolean {
    return this.#written.isCut;
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
