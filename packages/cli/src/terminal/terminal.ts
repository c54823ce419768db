/** What a command has to do with: the streams, the environment, and what they allow. */
import { colours, type Colours } from './colours.js';
import { screened } from './printable.js';

/** Back to the beginning of the line, with nothing in it. */
const CLEAR_LINE = '\r\u{1B}[2K';

export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** For what goes to stdout. */
  readonly colours: Colours;
  /** For what goes to stderr. */
  readonly errorColours: Colours;
  /** Whether a person sits in front of it, who can be asked. */
  readonly isInteractive: boolean;
}

export function terminalOf(env: NodeJS.ProcessEnv): Terminal {
  const { stdin, stdout, stderr } = process;
  return {
    env,
    stdin,
    stdout,
    stderr,
    colours: colours(hasColours(stdout, env)),
    errorColours: colours(hasColours(stderr, env)),
    isInteractive: stdin.isTTY && stderr.isTTY,
  };
}

/** https://no-color.org and https://force-color.org: what they ask for counts when it is not empty. */
function hasColours(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  if (env['NO_COLOR']) return false;
  if (env['FORCE_COLOR']) return env['FORCE_COLOR'] !== '0';
  return stream.isTTY && env['TERM'] !== 'dumb';
}

/** The one way to write text, so that none that others wrote moves the cursor. Resolves when it is written. */
export function write(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve) => stream.write(screened(text), () => resolve()));
}

/** Puts `text` into the place of what the line has said so far. */
export function rewriteLine(stream: NodeJS.WritableStream, text: string): Promise<void> {
  return new Promise((resolve) => stream.write(CLEAR_LINE + screened(text), () => resolve()));
}
