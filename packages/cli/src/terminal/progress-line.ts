/** One line on a terminal that says how far something is, written over again and again. */
import type { OutputOptions } from './output.js';
import { rewriteLine, type Terminal } from './terminal.js';

const EVERY_MS = 100;

export interface ProgressLine {
  show(said: string): void;
  /** Takes it away. */
  clear(): void;
}

/** Nothing where no terminal is, or with `--json`. */
export function progressLine({ json = false }: OutputOptions, { stderr, errorColours }: Terminal): ProgressLine {
  if (json || !stderr.isTTY) return { show: () => undefined, clear: () => undefined };
  let shownAt = 0;
  return {
    show: (said) => {
      const now = performance.now();
      if (shownAt !== 0 && now - shownAt < EVERY_MS) return;
      shownAt = now;
      void rewriteLine(stderr, errorColours.dim(`${said} …`));
    },
    clear: () => void rewriteLine(stderr, ''),
  };
}
