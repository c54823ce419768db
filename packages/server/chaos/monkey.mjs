/** The monkey: kills, pauses, stops, cuts off and restarts instances, has them crash, and restarts or pauses PostgreSQL. */
import { setTimeout as delay } from 'node:timers/promises';

/** An instance that has been up for this long can judge others and take over: a lease, and a sweep. */
const STEADY_MS = 6_000;

/** How often each is done. */
const deeds = [
  ['kill', 40],
  ['pause', 30],
  ['term', 22],
  ['silence', 22],
  ['postgres', 5],
  ['hang', 4],
  ['everything', 2],
];

export class Monkey {
  #stop = new AbortController();
  /** @type {Set<import('./fleet.mjs').Instance>} */
  #busy = new Set();
  /** @type {Set<Promise<void>>} */
  #acts = new Set();
  /** @type {Promise<void>} */
  #running = Promise.resolve();

  /**
   * @param {readonly import('./fleet.mjs').Instance[]} instances
   * @param {import('./postgres.mjs').Postgres} postgres
   * @param {import('./fleet.mjs').Journal} journal
   * @param {readonly string[]} points where a process can crash
   * @param {import('./random.mjs').Random} random
   * @param {readonly string[]} without deeds
   * @param {readonly string[]} codes of the agents, one of which each start deploys
   */
  constructor(instances, postgres, journal, points, random, without, codes) {
    Object.assign(this, { instances, postgres, journal, points, random, codes });
    this.deeds = deeds.filter(([deed]) => !without.includes(deed));
  }

  start() {
    this.#running = this.#loop();
  }

  /** Ends it, when everything that it had broken is up again. */
  async stop() {
    this.#stop.abort();
    await this.#running;
    while (this.#acts.size > 0) await Promise.allSettled(this.#acts);
    for (const instance of this.instances) {
      if (instance.state === 'paused') instance.resume();
      while (instance.state === 'down') await instance.start();
    }
    if (this.codes.length > 1) await this.#deployEach();
  }

  /** Every code is there again: what is held for one goes on. */
  async #deployEach() {
    for (const [index, instance] of this.instances.entries()) {
      await instance.terminate();
      instance.code = this.codes[index % this.codes.length];
      while (instance.state === 'down') await instance.start();
    }
  }

  async #loop() {
    while (await this.#sleep(this.random.whole(300, 2_500))) {
      // One that crashed where it was told to is up to us.
      for (const fallen of this.instances.filter((one) => one.state === 'down' && !this.#busy.has(one))) {
        this.#do(fallen, () => this.#restart(fallen));
      }
      const instance = this.#victim();
      if (instance === undefined) continue;
      const act = this.random.weighed(this.deeds);
      if (act === 'postgres') await this.#restartPostgres();
      else if (act === 'hang') await this.#hangPostgres();
      else if (act === 'everything') for (const one of this.#upAndFree()) this.#do(one, () => this.kill(one));
      else this.#do(instance, () => this[act](instance));
    }
  }

  /** One whose work another can take over, which stays as it is until then. */
  #victim() {
    const victims = this.#upAndFree().filter((victim) =>
      this.instances.some((other) => other !== victim && !this.#busy.has(other) && isSteady(other)),
    );
    return victims.length === 0 ? undefined : this.random.pick(victims);
  }

  #upAndFree() {
    return this.instances.filter((instance) => instance.state === 'up' && !this.#busy.has(instance));
  }

  #do(instance, act) {
    this.#busy.add(instance);
    const done = act().finally(() => {
      this.#busy.delete(instance);
      this.#acts.delete(done);
    });
    this.#acts.add(done);
  }

  async kill(instance) {
    await instance.kill();
    await this.#restart(instance);
  }

  async pause(instance) {
    instance.pause();
    await this.#sleep(this.random.whole(2_000, 10_000));
    instance.resume();
  }

  async silence(instance) {
    await instance.silence();
  }

  async term(instance) {
    await instance.terminate();
    await this.#restart(instance);
  }

  /** Every other time with a point at which it kills itself, which then may come at once or never. */
  async #restart(instance) {
    await this.#sleep(this.random.whole(0, 5_000));
    if (this.#stop.signal.aborted) return;
    // A start is a deploy, of changed code or of what was there before.
    instance.code = this.random.pick(this.codes);
    const point = this.random.chance(0.5) ? `${this.random.pick(this.points)}:${this.#passing()}` : '';
    await instance.start(point);
  }

  /** Rather the first times than the later ones: many points are passed seldom. */
  #passing() {
    return 1 + Math.floor(this.random.next() ** 2 * 20);
  }

  async #restartPostgres() {
    const mode = this.random.pick(['fast', 'immediate']);
    this.journal.note({ what: 'postgres', detail: mode });
    await this.postgres.restart(mode);
    this.journal.note({ what: 'postgres back' });
  }

  async #hangPostgres() {
    this.journal.note({ what: 'postgres hangs' });
    await this.postgres.signal('SIGSTOP');
    await this.#sleep(this.random.whole(1_000, 12_000));
    await this.postgres.signal('SIGCONT');
    this.journal.note({ what: 'postgres back' });
  }

  /** False when the run ends meanwhile. */
  async #sleep(ms) {
    await delay(ms, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    return !this.#stop.signal.aborted;
  }
}

/** One that is told to crash is not: it may do so at any moment. */
function isSteady({ state, since, crashAt }) {
  return state === 'up' && crashAt === '' && Date.now() - since > STEADY_MS;
}
