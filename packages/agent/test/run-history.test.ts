/** What was said in a session before a task is the same in every run: also while its store is away for a moment. */
import { runHistory } from '@continuo/agent/internal/agents/run-history.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import type { Message } from '@continuo/agent/internal/sessions/message.js';
import { describe, expect, it } from 'vitest';

const said: readonly Message[] = [{ messageId: 'one', role: 'ROLE_USER', parts: [{ text: 'Hello' }] }];
const task = { id: 'task', sessionId: 'session', message: { messageId: 'two', role: 'ROLE_USER', parts: [] } } as const;
const log = { debug() {}, info() {}, warn() {}, error() {}, isLevelEnabled: () => false } as never;

/** A store whose first answers are `failures`; it notes how many messages it was asked for. */
function storeThatFails(failures: readonly Error[]): {
  readonly limits: number[];
  history(): Promise<readonly Message[]>;
} {
  const left = [...failures];
  const limits: number[] = [];
  const history = async (...[, , limit]: readonly unknown[]): Promise<readonly Message[]> => {
    limits.push(Number(limit));
    const failure = left.shift();
    if (failure !== undefined) throw failure;
    return said;
  };
  return { limits, history };
}

describe('the history of a task', () => {
  const parts = { clock: systemClock, log, signal: new AbortController().signal };

  it('is waited for while the store is away', async () => {
    const away = new ContinuoError('UNAVAILABLE', 'The database is away.');
    const sessions = storeThatFails([away, away]);
    expect(await runHistory(task, {}, { ...parts, sessions })).toEqual(said);
    expect(sessions.limits).toEqual([50, 50, 50]);
  });

  it('is nothing where the store stays away for longer than a failover takes', async () => {
    let now = 0;
    const clock = { now: () => new Date(now), sleep: async (ms: number) => void (now += ms) };
    const sessions = storeThatFails(Array.from({ length: 1_000 }, () => new ContinuoError('UNAVAILABLE', 'Away.')));
    expect(await runHistory(task, {}, { ...parts, clock, sessions })).toEqual([]);
    expect(now).toBeGreaterThanOrEqual(15_000);
    expect(now).toBeLessThan(17_000);
  });

  it('is nothing where it can never be read', async () => {
    const sessions = storeThatFails([new Error('a bug')]);
    expect(await runHistory(task, {}, { ...parts, sessions })).toEqual([]);
  });

  it('of any number of messages asks for no more than a column counts', async () => {
    const sessions = storeThatFails([]);
    await runHistory(task, { limit: Infinity }, { ...parts, sessions });
    await runHistory(task, { limit: 1e12 }, { ...parts, sessions });
    expect(sessions.limits).toEqual([2_147_483_647, 2_147_483_647]);
  });
});
