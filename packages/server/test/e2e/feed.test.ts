/** Streams over many tasks: every event once, in one order, on every instance, and resumed on another one after a kill. */
import { describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { allFramesOf, framesOf, type EventFrame } from '../support/event-stream.js';
import { at, call, textAt } from '../support/http-calls.js';
import { startServer } from '../support/server-process.js';
import { until } from '../support/until.js';
import { quick } from '../support/two-instances.js';

const TASKS = 20;

/** A client that follows a stream and keeps what it has seen. */
class Follower {
  readonly frames: EventFrame[] = [];
  #client = new AbortController();
  #reading: Promise<void> = Promise.resolve();

  /** Resolves when the stream is open; `path` begins with the server's URL. */
  async follow(path: string): Promise<void> {
    const position = this.frames.at(-1)?.position;
    this.#client = new AbortController();
    const headers: Record<string, string> = position === undefined ? {} : { 'last-event-id': position };
    const response = await fetch(path, { headers, signal: this.#client.signal });
    const opened = this.frames.length;
    this.#reading = this.#read(response).catch(() => undefined);
    await until(() => this.frames.length > opened, { what: 'the stream to open' });
  }

  async leave(): Promise<void> {
    this.#client.abort();
    await this.#reading;
  }

  /** `task seq` of each event, in the order in which they came. */
  get events(): readonly string[] {
    return this.frames
      .filter(({ data }) => JSON.stringify(data) !== '{}')
      .map(({ position = '' }) => {
        const [, task, seq] = position.split('.');
        return `${task} ${seq}`;
      });
  }

  of(task: string): readonly number[] {
    return this.events.filter((event) => event.startsWith(task)).map((event) => Number(event.split(' ')[1]));
  }

  async #read(response: Response): Promise<void> {
    for await (const frame of framesOf(response)) this.frames.push(frame);
  }
}

async function begin(url: string, body: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const message = { parts: [{ data: { steps: 4, delayMs: 40 } }] };
  const answer = await call('POST', `${url}/agents/function/countdown/tasks`, { body: { message, ...body } });
  return textAt(answer.body, 'id');
}

/** The ids of the task's own log, once it has ended. */
async function logOf(url: string, id: string): Promise<readonly (number | undefined)[]> {
  const frames = await allFramesOf(await fetch(`${url}/tasks/${id}/events`));
  return frames.map((frame) => frame.id);
}

describe('the stream of all tasks', () => {
  it('carries every event once, in the same order everywhere, and goes on elsewhere after a kill', async () => {
    const { url: DATABASE_URL } = await createTestDatabase();
    const start = () => startServer({ env: { ...quick, DATABASE_URL } });
    const [one, other] = await Promise.all([start(), start()]);
    const moving = new Follower();
    const staying = new Follower();
    await moving.follow(`${one.url}/tasks/events`);
    await staying.follow(`${other.url}/tasks/events`);
    const begun = await Promise.all(Array.from({ length: TASKS }, (_, n) => begin(n % 2 === 0 ? one.url : other.url)));
    await until(() => moving.events.length > TASKS * 2, { what: 'some events' });
    await one.kill('SIGKILL');
    await moving.leave();
    await moving.follow(`${other.url}/tasks/events`);
    for (const id of begun) {
      const log = await logOf(other.url, id);
      await until(() => staying.of(id).length >= log.length && moving.of(id).length >= log.length, {
        what: `all events of ${id}`,
      });
      expect(staying.of(id)).toEqual(log);
      expect(moving.of(id)).toEqual(log);
    }
    expect(moving.events).toEqual(staying.events);
    await Promise.all([moving.leave(), staying.leave()]);
  });
});

describe('the stream of a session', () => {
  it('begins with its first event and carries no other session', async () => {
    const { url: DATABASE_URL } = await createTestDatabase();
    const { url } = await startServer({ env: { ...quick, DATABASE_URL } });
    const first = await begin(url);
    const elsewhere = await begin(url);
    const { body } = await call('GET', `${url}/tasks/${first}`);
    const sessionId = textAt(body, 'contextId');
    const second = await begin(url, { sessionId });
    const follower = new Follower();
    await follower.follow(`${url}/sessions/${sessionId}/events`);
    for (const id of [first, second]) {
      const log = await logOf(url, id);
      await until(() => follower.of(id).length >= log.length, { what: `all events of ${id}` });
      expect(follower.of(id)).toEqual(log);
    }
    expect(follower.of(elsewhere)).toEqual([]);
    await follower.leave();
  });

  it('refuses what is no position of it, and sessions that are not there', async () => {
    const { url: DATABASE_URL } = await createTestDatabase();
    const { url } = await startServer({ env: { ...quick, DATABASE_URL } });
    const wrong = await call('GET', `${url}/tasks/events`, { headers: { 'last-event-id': '17' } });
    expect([wrong.status, at(wrong.body, 'error', 'details', 0, 'metadata', 'field')]).toEqual([400, 'Last-Event-ID']);
    expect((await call('GET', `${url}/sessions/nobodys/events`)).status).toBe(404);
  });
});
