/** What a task says, as it comes: its answer on stdout, and how far it is on stderr, in one line that goes. */
import type { Part, StreamResponse } from '@continuo/client';
import { progressOf } from '@continuo/client/facts';
import { partsText, partText } from '../remote/in-words.js';
import { oneLine, printable } from '../terminal/printable.js';
import { shortened } from '../terminal/table.js';
import { rewriteLine, write, type Terminal } from '../terminal/terminal.js';

export class Transcript {
  /** The artifact that is being written, and whether its last line is. */
  #artifact: string | undefined;
  #isAtLineStart = true;
  #hasStatus = false;
  readonly #said = new Set<string>();
  readonly #begun = new Set<string>();

  constructor(private readonly terminal: Terminal) {}

  async add({ task, statusUpdate, artifactUpdate }: StreamResponse): Promise<void> {
    for (const artifact of task?.artifacts ?? [])
      await this.#write(artifact.artifactId, artifact.name, artifact.parts, false);
    if (artifactUpdate !== undefined) {
      const { artifact, append } = artifactUpdate;
      await this.#write(artifact.artifactId, artifact.name, artifact.parts, append);
    }
    const metadata = task?.metadata ?? statusUpdate?.metadata;
    const status = task?.status ?? statusUpdate?.status;
    const { stage, fraction } = progressOf({ metadata });
    await this.#status(stage === '' ? '' : `${Math.floor(fraction * 100)} %  ${oneLine(stage)}`);
    const { message } = status ?? {};
    // What is asked is shown where it is answered, and why something failed where its end is told.
    const isTold = status?.state === 'TASK_STATE_WORKING' || status?.state === 'TASK_STATE_COMPLETED';
    if (message === undefined || !isTold || this.#said.has(message.messageId)) return;
    this.#said.add(message.messageId);
    const isAnswer = status.state === 'TASK_STATE_COMPLETED' && this.#begun.size === 0;
    if (isAnswer) await this.#write(message.messageId, undefined, message.parts, false);
    else await this.#line(this.terminal.errorColours.dim(printable(partsText(message.parts))));
  }

  /** The line that is being written is ended, and the line that goes is gone. */
  async end(): Promise<void> {
    await this.#status('');
    if (!this.#isAtLineStart) await write(this.terminal.stdout, '\n');
    this.#isAtLineStart = true;
  }

  async #write(id: string, name: string | undefined, parts: readonly Part[], append: boolean): Promise<void> {
    await this.#status('');
    const { terminal } = this;
    if (this.#artifact !== id && !append && this.#begun.size > 0) {
      await this.end();
      await write(terminal.stderr, `${terminal.errorColours.dim(`── ${oneLine(name ?? id)}`)}\n`);
    }
    this.#artifact = id;
    this.#begun.add(id);
    const text = parts.map((part) => (part.text === undefined ? `${partText(part)}\n` : part.text)).join('');
    if (text === '') return;
    await write(terminal.stdout, printable(text));
    this.#isAtLineStart = text.endsWith('\n');
  }

  async #line(text: string): Promise<void> {
    await this.end();
    await write(this.terminal.stderr, `${text}\n`);
  }

  /** In a pipe there is none. While a line of the answer is unfinished it would stand in it. */
  async #status(text: string): Promise<void> {
    const { stderr, errorColours } = this.terminal;
    if (!stderr.isTTY || !this.#isAtLineStart) return;
    if (text === '' && !this.#hasStatus) return;
    this.#hasStatus = text !== '';
    await rewriteLine(stderr, errorColours.dim(shortened(text, stderr.columns - 1)));
  }
}
