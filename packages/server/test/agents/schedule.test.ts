/** When schedules tick, and what is refused at boot. */
import { describe, expect, it } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent, type AgentOptions } from '@continuo/agent/internal/agents/a2a-agent.js';
import { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import { dueTick, nextTick } from '@continuo/agent/internal/agents/schedules/schedule.js';

const time = (text: string): Date => new Date(text);

function schedule(cron: string, timezone = 'UTC') {
  return { name: 'test', cron, timezone, message: 'go' };
}

describe('ticks', () => {
  it('the next one is after the last', () => {
    expect(nextTick(schedule('0 9 * * 1-5'), time('2026-01-02T09:00:00Z'))).toEqual(time('2026-01-05T09:00:00Z'));
  });

  it('none is due before its time', () => {
    expect(dueTick(schedule('0 9 * * *'), time('2026-01-02T09:00:00Z'), time('2026-01-03T08:59:59.999Z'))).toBe(
      undefined,
    );
  });

  it('one is due at its time', () => {
    const nine = time('2026-01-03T09:00:00Z');
    expect(dueTick(schedule('0 9 * * *'), time('2026-01-02T09:00:00Z'), nine)).toEqual(nine);
  });

  it('of several that were missed, the last one', () => {
    const due = dueTick(schedule('0 9 * * *'), time('2026-01-02T09:00:00Z'), time('2026-02-11T12:00:00Z'));
    expect(due).toEqual(time('2026-02-11T09:00:00Z'));
  });

  it("keeps the hour of its time zone when the zone's clocks change", () => {
    const berlin = schedule('0 9 * * *', 'Europe/Berlin');
    expect(nextTick(berlin, time('2026-03-28T12:00:00Z'))).toEqual(time('2026-03-29T07:00:00Z'));
    expect(nextTick(berlin, time('2026-03-27T12:00:00Z'))).toEqual(time('2026-03-28T08:00:00Z'));
  });
});

describe('what is refused at boot', () => {
  const register = (options: Partial<AgentOptions>) => (): void => {
    class Agent extends A2AAgentBaseService {
      override async execute(): Promise<string> {
        return 'done';
      }
    }
    A2AAgent({ type: 'test', name: 'agent', description: 'Tests.', ...options })(Agent);
    new AgentRegistry().add(new Agent());
  };

  it.each([
    ['a cron with too few fields', [schedule('* * *')], 'as in "0 9 \\* \\* 1-5"'],
    ['a cron with a minute that is none', [schedule('61 * * * *')], 'minute: 61'],
    ['a day that never comes', [schedule('0 0 30 2 *')], 'never comes'],
    ['a time zone that is none', [schedule('* * * * *', 'Mars/Base')], 'Europe/Berlin'],
    ['two schedules of the same name', [schedule('* * * * *'), schedule('* * * * *')], 'a name of its own'],
  ])('%s', (_, schedules, words) => {
    expect(register({ schedules })).toThrow(new RegExp(words));
  });

  it('limits that are none', () => {
    expect(register({ limits: { total: 0 } })).toThrow(/total/);
    expect(register({ limits: {} })).toThrow(/perInstance, total or rate/);
    expect(register({ limits: { total: 1 }, schedules: [schedule('0 9 * * 1-5')] })).not.toThrow();
  });
});
