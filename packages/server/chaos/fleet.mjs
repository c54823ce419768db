/** The instances: processes of the server that are started, killed, paused and stopped, and a journal of all that. */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const READY_WITHIN_MS = 60_000;
const STOPPED_WITHIN_MS = 30_000;
/** Silence is noticed within seconds; two busy cores take a bit more. */
const RECOVERED_WITHIN_MS = 30_000;
const serverFile = fileURLToPath(new URL('server.mjs', import.meta.url));

/**
 * @typedef {object} Entry what happened, and when
 * @property {number} at milliseconds since 1970
 * @property {'start' | 'ready' | 'kill' | 'crash' | 'pause' | 'resume' | 'term' | 'exit' | 'silence' | 'postgres' | 'postgres hangs' | 'postgres back'} what
 * @property {string} [instance]
 * @property {number} [pid]
 * @property {string} [detail]
 * @property {string} [code] of its agents
 */

export class Journal {
  /** @type {Entry[]} */
  entries = [];

  /** @param {Omit<Entry, 'at'>} entry */
  note(entry) {
    this.entries.push({ at: Date.now(), ...entry });
  }

  /** Whether PostgreSQL was restarted since. */
  isPostgresAway(since) {
    return this.entries.some(({ at, what }) => what.startsWith('postgres') && at >= since);
  }

  /** @param {Entry['what'][]} what */
  count(...what) {
    return this.entries.filter((entry) => what.includes(entry.what)).length;
  }
}

export class Instance {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  /** How the process that runs was told to end.
   *
   * @type {'' | 'kill' | 'term'}
   */
  #told = '';
  #startedAt = 0;
  /** @type {'down' | 'up' | 'paused'} */
  state = 'down';
  /** When it got into its state, in milliseconds since 1970. */
  since = 0;
  /** Where it was told to kill itself. */
  crashAt = '';
  /** Which code its agents have from its next start on. */
  code = 'plain';
  /** @type {Promise<void>} */
  ended = Promise.resolve();

  /**
   * @param {string} name
   * @param {string} url
   * @param {Readonly<Record<string, string>>} env
   * @param {string} directory
   * @param {Journal} journal
   * @param {(problem: string) => void} complain
   * @param {import('./proxy.mjs').Proxy} proxy its way to PostgreSQL
   */
  constructor(name, url, env, directory, journal, complain, proxy) {
    Object.assign(this, { name, url, env, directory, journal, complain, proxy });
  }

  get pid() {
    return this.#child?.pid;
  }

  /** Starts it; answers whether it got ready. With `crashAt`, it kills itself there, perhaps before. */
  async start(crashAt = '') {
    const crash = crashAt === '' ? {} : { CONTINUO_CRASH_AT: crashAt };
    const env = { ...process.env, ...this.env, CHAOS_CODE: this.code, ...crash };
    // The directory is an argument so that whatever is left over can be found by it.
    const child = spawn(process.execPath, [serverFile, this.directory], { env, stdio: ['pipe', 'pipe', 'pipe'] });
    const log = createWriteStream(join(this.directory, `${this.name}.log`), { flags: 'a' });
    log.write(`--- process ${child.pid}${crashAt === '' ? '' : `, to crash at ${crashAt}`}\n`);
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    child.stdin.on('error', () => undefined);
    this.#child = child;
    this.#told = '';
    this.#startedAt = Date.now();
    this.crashAt = crashAt;
    this.state = 'down';
    this.journal.note({ what: 'start', instance: this.name, pid: child.pid, detail: crashAt, code: this.code });
    this.ended = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.state = 'down';
        this.#onExit(child, code, signal);
        resolve();
      });
    });
    const ready = await this.#untilReady(child);
    if (ready) {
      this.state = 'up';
      this.since = Date.now();
      this.journal.note({ what: 'ready', instance: this.name, pid: child.pid });
    }
    return ready;
  }

  async kill() {
    this.#told = 'kill';
    this.journal.note({ what: 'kill', instance: this.name, pid: this.pid });
    this.#child?.kill('SIGKILL');
    await this.ended;
  }

  pause() {
    this.journal.note({ what: 'pause', instance: this.name, pid: this.pid });
    this.state = 'paused';
    this.#child?.kill('SIGSTOP');
  }

  resume() {
    this.journal.note({ what: 'resume', instance: this.name, pid: this.pid });
    this.#child?.kill('SIGCONT');
    if (this.state === 'paused') {
      this.state = 'up';
      this.since = Date.now();
    }
  }

  /** Its connections to PostgreSQL go dead without a word; resolves when it is ready again, which is up to itself. */
  async silence() {
    const child = this.#child;
    this.journal.note({ what: 'silence', instance: this.name, pid: this.pid });
    this.proxy.fallSilent();
    const since = performance.now();
    const isGone = () => child === undefined || child.exitCode !== null || child.signalCode !== null;
    let misses = 0;
    while (!isGone()) {
      const ready = await this.#isReady();
      if (!ready) misses += 1;
      // At first nobody has noticed yet.
      if (ready && (misses > 0 || performance.now() - since > RECOVERED_WITHIN_MS)) return;
      if (
        !ready &&
        performance.now() - since > RECOVERED_WITHIN_MS &&
        !this.journal.isPostgresAway(Date.now() - RECOVERED_WITHIN_MS)
      ) {
        this.complain(`${this.name} is not ready ${RECOVERED_WITHIN_MS} ms after its connections fell silent`);
        return;
      }
      await delay(250);
    }
  }

  /** Stops it in order, as a deploy does; it is a problem when it doesn't stop. */
  async terminate() {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    this.#told = 'term';
    this.journal.note({ what: 'term', instance: this.name, pid: this.pid });
    child.kill('SIGTERM');
    const timer = setTimeout(() => {
      this.complain(`${this.name} (process ${child.pid}) did not stop within ${STOPPED_WITHIN_MS} ms of SIGTERM`);
      child.kill('SIGKILL');
    }, STOPPED_WITHIN_MS);
    await this.ended;
    clearTimeout(timer);
  }

  #onExit(child, code, signal) {
    const crashed = signal === 'SIGKILL' && this.crashAt !== '' && this.#told !== 'kill';
    if (crashed) this.journal.note({ what: 'crash', instance: this.name, pid: child.pid, detail: this.crashAt });
    this.journal.note({ what: 'exit', instance: this.name, pid: child.pid, detail: String(signal ?? code) });
    // Whoever starts servers starts them again: one that finds no database ends.
    const early = this.since < this.#startedAt && this.journal.isPostgresAway(this.#startedAt);
    if (!crashed && this.#told === '' && !early) {
      this.complain(`${this.name} (process ${child.pid}) ended by itself with ${signal ?? code}`);
    }
  }

  async #isReady() {
    try {
      const response = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(3_000) });
      await response.arrayBuffer();
      return response.status === 200;
    } catch {
      return false;
    }
  }

  async #untilReady(child) {
    const end = performance.now() + READY_WITHIN_MS;
    while (child.exitCode === null && child.signalCode === null) {
      if (await this.#isReady()) return true;
      if (performance.now() > end) {
        this.complain(`${this.name} (process ${child.pid}) was not ready after ${READY_WITHIN_MS} ms`);
        this.#told = 'kill';
        child.kill('SIGKILL');
        return false;
      }
      await delay(50);
    }
    return false;
  }
}
