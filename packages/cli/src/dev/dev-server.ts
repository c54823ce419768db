/** Keeps the program running while it is edited: a new process takes over when it serves, and until then the old one goes on. */
import { basename } from 'node:path';
import { WatchedFiles } from './watch-files.js';
import { ProgramProcess, type Started } from './program-process.js';
import type { TypeErrors } from './type-check.js';

interface Base {
  readonly port: number;
  readonly grpcPort: number | undefined;
  readonly databaseUrl: string;
}

export interface DevServerOptions {
  readonly base: Base;
  /** Of the processes that run the program; asked again for each. */
  readonly env: () => NodeJS.ProcessEnv;
  readonly urlOf: (port: number) => string;
  readonly checkTypes: (() => Promise<TypeErrors>) | undefined;
  readonly files: readonly string[];
  /** Directories with files that are not loaded as code, and which of them count. */
  readonly directories: readonly (readonly [string, (name: string) => boolean])[];
  readonly told: DevTelling;
}

/** What happens, for whoever sits in front of it. */
export interface DevTelling {
  /** `paths`: what was edited; none at the start. */
  readonly begins: (paths: readonly string[]) => void;
  readonly serves: (url: string, after: number) => void;
  readonly typeErrors: (errors: TypeErrors, isServing: boolean) => void;
  readonly failed: (reason: string, isServing: boolean) => void;
  readonly died: (how: string, again: boolean) => void;
}

export class DevServer {
  readonly #files: WatchedFiles;
  #current: ProgramProcess | undefined;
  #standby: ProgramProcess | undefined;
  /** It is loaded, and does not serve yet. */
  #launched: ProgramProcess | undefined;
  readonly #leaving = new Set<Promise<void>>();
  #launching: Promise<void> | undefined;
  /** What was edited since the last launch began. */
  #edited: readonly string[] | undefined;
  #isBroken = false;
  #isEnding = false;

  constructor(private readonly options: DevServerOptions) {
    this.#files = new WatchedFiles({
      onChange: (paths) => this.#onEdit(paths),
      isBroken: () => this.#isBroken,
    });
  }

  /** Begins to run the program; what becomes of it is told. */
  start(): void {
    const { files, directories } = this.options;
    for (const path of files) this.#files.add(path);
    for (const [directory, isOne] of directories) this.#files.addAll(directory, isOne);
    this.#onEdit([]);
  }

  /** The tasks that run are handed over, to be taken up at the next start. */
  async stop(): Promise<void> {
    this.#isEnding = true;
    this.#files.close();
    this.#standby?.kill();
    this.#launched?.kill();
    await Promise.all([this.#current?.stop(), ...this.#leaving]);
  }

  #onEdit(paths: readonly string[]): void {
    // What is warm already knows the environment as it was.
    if (paths.some((path) => basename(path) === '.env')) {
      this.#standby?.kill();
      this.#standby = undefined;
    }
    this.#edited = [...new Set([...(this.#edited ?? []), ...paths])];
    void this.#launchEdited();
  }

  async #launchEdited(): Promise<void> {
    // Who launches looks again when that is over.
    if (this.#launching !== undefined || this.#isEnding) return;
    while (this.#edited !== undefined && !this.#isEnding) {
      const paths = this.#edited;
      this.#edited = undefined;
      this.#launching = this.#launch(paths);
      await this.#launching;
      this.#launching = undefined;
    }
  }

  async #launch(paths: readonly string[]): Promise<void> {
    const { told, checkTypes, base } = this.options;
    told.begins(paths);
    const since = performance.now();
    const next = this.#standby?.isAlive === true ? this.#standby : this.#fork();
    this.#standby = undefined;
    this.#launched = next;
    // It is loaded while its types are checked; it serves when they are right.
    void next.go();
    const allowed = async (): Promise<Started | TypeErrors> => {
      const errors = await checkTypes?.();
      if (errors !== undefined && errors.count > 0) return errors;
      next.serve(base);
      return next.started;
    };
    const outcome = await Promise.race([next.started, allowed()]);
    this.#launched = undefined;
    if (this.#isEnding) {
      next.kill();
      return;
    }
    if ('count' in outcome) {
      next.kill();
      this.#isBroken = true;
      told.typeErrors(outcome, this.#isServing);
    } else if ('reason' in outcome) {
      this.#isBroken = true;
      told.failed(outcome.reason, this.#isServing);
    } else {
      this.#isBroken = false;
      this.#takeOver(next);
      told.serves(outcome.url, performance.now() - since);
    }
    this.#standby ??= this.#fork();
  }

  #takeOver(next: ProgramProcess): void {
    const old = this.#current;
    this.#current = next;
    if (old !== undefined) {
      const gone = old.leave();
      this.#leaving.add(gone);
      void gone.then(() => this.#leaving.delete(gone));
    }
    const since = performance.now();
    void next.ended.then(({ code, signal }) => {
      if (this.#current !== next || this.#isEnding) return;
      this.#current = undefined;
      const lived = performance.now() - since > LIVED_MS;
      this.options.told.died(signal ?? `exit code ${code}`, lived);
      this.#isBroken = true;
      if (lived) this.#onEdit([]);
    });
  }

  get #isServing(): boolean {
    return this.#current !== undefined;
  }

  #fork(): ProgramProcess {
    const { env, urlOf } = this.options;
    return new ProgramProcess({ env: env(), urlOf, onLoaded: (path) => this.#files.add(path) });
  }
}

/** One that dies sooner would die again. */
const LIVED_MS = 5_000;
