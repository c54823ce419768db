/** Watches the files that the program is made of, wherever they are: one look at a directory for all files in it. */
import { createHash } from 'node:crypto';
import { readFileSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const SETTLED_MS = 60;
const SOURCE = /\.([cm]?[jt]sx?|json)$/;

export interface WatchOptions {
  /** Called once for what changes together; `paths` are those that differ from what they were. */
  readonly onChange: (paths: readonly string[]) => void;
  /** Whether any source beside those that were loaded may be what is missing. */
  readonly isBroken: () => boolean;
}

export class WatchedFiles {
  readonly #directories = new Map<string, FSWatcher>();
  readonly #contents = new Map<string, string>();
  readonly #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: WatchOptions) {}

  add(path: string): void {
    if (this.#contents.has(path)) return;
    this.#contents.set(path, contentOf(path));
    this.#watch(dirname(path));
  }

  /** All files of this directory that `isOne` names, whether they are there now or later. */
  addAll(directory: string, isOne: (name: string) => boolean): void {
    this.#watch(directory, isOne);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#directories.values()) watcher.close();
  }

  #watch(directory: string, isOne: (name: string) => boolean = () => false): void {
    if (this.#directories.has(directory)) return;
    try {
      const watcher = watch(directory, (_event, name) => {
        if (name !== null) this.#look(join(directory, name), isOne);
      });
      watcher.on('error', () => undefined);
      this.#directories.set(directory, watcher);
    } catch {
      // Not there: then nothing of it was loaded either.
    }
  }

  #look(path: string, isOne: (name: string) => boolean): void {
    const counts = this.#contents.has(path) || isOne(basename(path)) || (SOURCE.test(path) && this.options.isBroken());
    if (!counts) return;
    this.#changed.add(path);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#settle(), SETTLED_MS);
  }

  #settle(): void {
    const paths = [...this.#changed].filter((path) => {
      const now = contentOf(path);
      const differs = this.#contents.get(path) !== now;
      this.#contents.set(path, now);
      return differs;
    });
    this.#changed.clear();
    if (paths.length > 0) this.options.onChange(paths);
  }
}

/** Empty for what is not there. */
function contentOf(path: string): string {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex');
  } catch {
    return '';
  }
}
