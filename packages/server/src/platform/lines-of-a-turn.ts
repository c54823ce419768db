/** Writes the log to stdout, the lines of one turn of the event loop together: the process stands still for each write. */
import { destination, type DestinationStream } from 'pino';

const MOST_CHARACTERS = 64 * 1024;

class LinesOfATurn implements DestinationStream {
  readonly #stdout = destination({ dest: 1, sync: true });
  #text = '';

  constructor(private readonly most: number) {}

  write(line: string): void {
    if (this.#text.length + line.length > this.most) this.flushSync();
    if (this.#text === '') setImmediate(() => this.flushSync());
    this.#text += line;
    if (this.#text.length >= this.most) this.flushSync();
  }

  /** What pino calls for a fatal line, too. */
  flushSync(): void {
    const text = this.#text;
    this.#text = '';
    if (text !== '') this.#stdout.write(text);
  }
}

let lines: LinesOfATurn | undefined;

/** One for the process: what it has not written when the process exits is written then. Only a kill can lose a turn. */
export function linesOfATurn(most = MOST_CHARACTERS): DestinationStream {
  if (lines !== undefined) return lines;
  const made = new LinesOfATurn(most);
  process.on('exit', () => made.flushSync());
  return (lines = made);
}
