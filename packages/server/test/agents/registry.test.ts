/** Agents that can't be agents are refused when the server starts, with a sentence that says how to mend them. */
import { Injectable } from '@nestjs/common';
import { describe, expect, it } from 'vitest';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent, type AgentOptions } from '@continuo/agent/internal/agents/a2a-agent.js';
import { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import { startServer } from '../../src/server.js';
import { createTestDatabase } from '../support/database.js';

const options: AgentOptions = { type: 'test', name: 'good', description: 'Does as it should.' };

@A2AAgent(options)
class GoodAgent extends A2AAgentBaseService {
  override async execute(): Promise<string> {
    return 'good';
  }
}

@A2AAgent(options)
class CopycatAgent extends GoodAgent {}

@Injectable()
class UndecoratedAgent extends GoodAgent {}

@A2AAgent(options)
class LonelyAgent {
  async execute(): Promise<string> {
    return 'alone';
  }
}

@A2AAgent(options)
class IdleAgent extends GoodAgent {}
Object.defineProperty(IdleAgent.prototype, 'execute', { value: undefined });

function agentWith(changes: Readonly<Record<string, unknown>>): A2AAgentBaseService {
  @A2AAgent({ ...options, ...changes })
  class WrongAgent extends GoodAgent {}
  return new WrongAgent();
}

const skill = { id: 's', name: 'Skill', description: 'Does something.' };

describe('the registry', () => {
  it('takes good agents, by their address', () => {
    const registry = new AgentRegistry();
    registry.add(new GoodAgent());
    registry.add(agentWith({ name: 'better', skills: [skill], timeoutMs: 5 }));
    expect(registry.list().map(({ key }) => key)).toEqual(['test/good', 'test/better']);
    expect(registry.get('test/better').description).toMatchObject({
      version: '1.0.0',
      skills: [{ ...skill, tags: [] }],
    });
    expect(registry.has('test/worse')).toBe(false);
    expect(() => registry.get('test/worse')).toThrow('There is no agent "test/worse".');
  });

  it.each([
    [new UndecoratedAgent(), 'UndecoratedAgent', 'it is not decorated', "@A2AAgent({ type: '…'"],
    [
      new LonelyAgent(),
      'LonelyAgent',
      'it extends no agent base class',
      'class LonelyAgent extends A2AAgentBaseService',
    ],
    [new IdleAgent(), 'IdleAgent', 'it has no execute method', 'async execute(task)'],
    [new CopycatAgent(), 'CopycatAgent', '"test/good" is already the address of GoodAgent', 'another type or name'],
    [undefined, 'undefined', 'it extends no agent base class', 'extends A2AAgentBaseService'],
  ])('refuses %o, saying what is wrong and what is expected', (agent, name, problem, remedy) => {
    const registry = new AgentRegistry();
    registry.add(new GoodAgent());
    const add = (): void => registry.add(agent);
    expect(add).toThrow(expect.objectContaining({ code: 'AGENT_INVALID' }) as Error);
    expect(add).toThrow(`Agent ${name} can't be registered: ${problem}. Expected: `);
    expect(add).toThrow(remedy);
    expect(registry.list().map(({ key }) => key)).toEqual(['test/good']);
  });

  it.each([
    ['a name with spaces', { name: 'my agent' }, 'name'],
    ['no media type to take', { inputModes: [] }, 'inputModes'],
    ['no media type to give', { outputModes: [] }, 'outputModes'],
    ['a name in capitals', { name: 'Agent' }, 'name'],
    ['no name', { name: undefined }, 'name'],
    ['a path for a type', { type: 'a/b' }, 'type'],
    ['too long a type', { type: 'x'.repeat(64) }, 'type'],
    ['no description', { description: '' }, 'description'],
    ['a skill without an id', { skills: [{ ...skill, id: '' }] }, 'skills[0].id'],
    ['no time at all', { timeoutMs: 0 }, 'timeoutMs'],
  ])('refuses %s, naming the option', (_what, changes, option) => {
    const add = (): void => new AgentRegistry().add(agentWith(changes));
    expect(add).toThrow("Agent WrongAgent can't be registered: its @A2AAgent options are wrong. Expected: ");
    expect(add).toThrow(`→ at ${option}`);
  });

  it.each([
    ['of an agent', { timeout: 5 }, 'timeout'],
    ['of a skill', { skills: [{ ...skill, example: 'Say hello.' }] }, 'example'],
  ])('refuses an option %s that there is none of, naming it', (_what, changes, option) => {
    const add = (): void => new AgentRegistry().add(agentWith(changes));
    expect(add).toThrow(`Unrecognized key: "${option}"`);
  });
});

describe('versions of an agent side by side', () => {
  const pinned = (version: string): A2AAgentBaseService => agentWith({ version, deploys: 'pinned' });

  it('are one agent, in its newest version', () => {
    const registry = new AgentRegistry();
    const [nine, ten, newest] = [pinned('9.0.0'), pinned('10.0.0-rc.1'), agentWith({ version: '10.0.0' })];
    for (const agent of [ten, newest, nine]) registry.add(agent);
    expect(registry.list().map(({ key, version }) => [key, version])).toEqual([['test/good', '10.0.0']]);
    expect(registry.get('test/good').agent).toBe(newest);
    expect(registry.get('test/good', '9.0.0').agent).toBe(nine);
    expect(registry.get('test/good', '8.0.0').agent).toBe(newest);
    expect(registry.versions('test/good').map(({ version }) => version)).toEqual(['10.0.0', '10.0.0-rc.1', '9.0.0']);
    registry.describe('test/good', { description: 'Does better.' });
    expect(registry.versions('test/good').map(({ description }) => description.description)).toEqual([
      'Does better.',
      'Does as it should.',
      'Does as it should.',
    ]);
  });

  it.each([
    ['the same twice', [pinned('2.0.0'), pinned('2.0.0')], 'another version, as both are 2.0.0'],
    ['the same in other words', [pinned('2.0.0'), pinned('v2.0')], 'another version, as 2.0.0 and v2.0 are the same'],
    ['the default twice', [new GoodAgent(), pinned('1.0.0')], 'another version, as both are 1.0.0'],
    ['an older one that would never run', [agentWith({ version: '1.9.0' }), pinned('2.0.0')], "deploys: 'pinned' for"],
    ['one that comes later', [pinned('2.0.0'), agentWith({ version: '1.9.0' })], 'WrongAgent (1.9.0) beside'],
  ])('are refused: %s', (_what, [first, second], remedy) => {
    const registry = new AgentRegistry();
    registry.add(first);
    expect(() => registry.add(second)).toThrow(remedy);
    expect(registry.versions('test/good').map(({ agent }) => agent)).toEqual([first]);
  });

  it('are refused with an option that is none', () => {
    expect(() => new AgentRegistry().add(agentWith({ deploys: 'newest' }))).toThrow('→ at deploys');
  });
});

it('a server does not start with an agent that can not be one', async () => {
  const { url } = await createTestDatabase();
  const env = { PORT: '0', DATABASE_URL: url, CONTINUO_LOG_LEVEL: 'silent' };
  const started = startServer({ agents: [GoodAgent, UndecoratedAgent], env });
  await expect(started).rejects.toThrow("Agent UndecoratedAgent can't be registered: it is not decorated.");
});
