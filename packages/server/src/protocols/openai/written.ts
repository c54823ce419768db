/** What a turn says, as the one text that OpenAI's clients show: of each thing that was said what is to be written behind the rest. */
import { textOf, type Part } from '@continuo/agent/internal/sessions/message.js';
import type { Said } from '../said.js';

const BREAK = '\n\n';

export class Written {
  #isEmpty = true;
  readonly #data: unknown[] = [];
  readonly #files: string[] = [];

  constructor(private readonly taskUrl: string) {}

  /** Empty when there is nothing to write. */
  of(said: Said): string {
    if (said.kind === 'text') return said.anew ? this.#begin(said.text) : this.#write(said.text);
    if (said.kind === 'part') this.#keep(said.artifact.artifactId, said.part);
    if (said.kind !== 'settled') return '';
    if (said.state !== 'COMPLETED') {
      const words = textOf(said.message?.parts ?? []);
      return words === '' ? '' : this.#begin(words);
    }
    return this.#rest();
  }

  /** Data where there is no text, and where the files are. */
  #rest(): string {
    const data = this.#isEmpty ? this.#data.map((value) => JSON.stringify(value)) : [];
    const rest = [...data, ...(this.#files.length === 0 ? [] : [this.#files.join('\n')])].join(BREAK);
    return rest === '' ? '' : this.#begin(rest);
  }

  #keep(artifactId: string, { data, text, url, filename }: Part): void {
    if (text !== undefined) return;
    if (data !== undefined) {
      this.#data.push(data);
      return;
    }
    const address = url ?? `${this.taskUrl}/artifacts/${encodeURIComponent(artifactId)}`;
    this.#files.push(`[${(filename ?? 'file').replaceAll(/[[\]\\]/g, String.raw`\$&`)}](<${address}>)`);
  }

  #begin(text: string): string {
    return this.#write(this.#isEmpty ? text : `${BREAK}${text}`);
  }

  #write(text: string): string {
    this.#isEmpty = false;
    return text;
  }
}
