/** Code that is edited while its task waits: calls in another order, questions that ask for something else, lists that grow. */
import { A2AAgent, A2AAgentBaseService, type AgentAnswer, type ChildCall, type TaskContext } from '@continuo/agent';
import { Journal } from '@continuo/agent/internal/runs/journal.js';
import { testTask, type TestedTask } from '@continuo/agent/testing';
import { describe, expect, it } from 'vitest';

type Code = (task: TaskContext) => Promise<AgentAnswer>;

function agentOf(code: () => Code): new () => A2AAgentBaseService {
  @A2AAgent({ type: 'shop', name: 'edited', description: 'Is edited.' })
  class EditedAgent extends A2AAgentBaseService {
    override execute(task: TaskContext): Promise<AgentAnswer> {
      return code()(task);
    }
  }
  return EditedAgent;
}

const calls = { 'x/y': ({ text }: { readonly text: string }) => `answer ${text}` };

/** The task when its code was edited while it waited for its first answer; what the edited code does in its place is carried out. */
async function edited(before: Code, after: Code): Promise<TestedTask> {
  let code = before;
  const answers = (): string => {
    code = after;
    return 'yes';
  };
  return testTask(
    agentOf(() => code),
    { calls, answers },
  );
}

async function verdict(before: Code, after: Code): Promise<unknown> {
  const waiting = await testTask(
    agentOf(() => before),
    { calls },
  );
  expect(waiting.state).toMatch(/_REQUIRED$/);
  return waiting.withCode(agentOf(() => after));
}

const one = (input: string, agent = 'x/y'): ChildCall => ({ agent, input });

/** Calls one after the other, asks, and calls `behind` it. */
function inTurn(inputs: readonly string[], behind: readonly string[] = []): Code {
  return async (task) => {
    const said: string[] = [];
    for (const input of inputs) said.push((await task.call('x/y', input)).text);
    await task.requestInput('Wait?');
    for (const input of behind) said.push((await task.call('x/y', input)).text);
    return said.join(', ');
  };
}

function atOnce(inputs: readonly string[]): Code {
  return async (task) => {
    const results = await task.callAll(inputs.map((input) => one(input)));
    await task.requestInput('Wait?');
    await task.step('tell', () => 'told');
    return results.map(({ text }) => text).join(', ');
  };
}

describe('calls of one agent', () => {
  it.each<readonly [string, Code, Code, string, readonly string[]]>([
    ['left out', inTurn(['1', '2']), inTurn(['2']), 'answer 2', ['answer 1', 'answer 2']],
    [
      'left out, with another behind',
      inTurn(['1', '2']),
      inTurn(['2'], ['3', '1']),
      'answer 2, answer 3, answer 1',
      ['answer 1', 'answer 2', 'answer 3'],
    ],
    ['in another order', inTurn(['1', '2']), inTurn(['2', '1']), 'answer 2, answer 1', ['answer 1', 'answer 2']],
    [
      'more behind',
      inTurn(['1', '1']),
      inTurn(['1', '1'], ['1', '2']),
      'answer 1, answer 1, answer 1, answer 2',
      ['answer 1', 'answer 1', 'answer 1', 'answer 2'],
    ],
    [
      'at once, in another order',
      atOnce(['1', '2', '3']),
      atOnce(['3', '1', '2']),
      'answer 3, answer 1, answer 2',
      ['answer 1', 'answer 2', 'answer 3'],
    ],
    ['at once, one left out', atOnce(['1', '2']), atOnce(['2']), 'answer 2', ['answer 1', 'answer 2']],
  ])('%s: goes on, and none is made twice', async (_, before, after, text, made) => {
    const task = await edited(before, after);
    expect([task.held, task.state, task.text]).toEqual([undefined, 'COMPLETED', text]);
    expect(task.calls.map(({ text: said }) => said).toSorted()).toEqual(made);
    expect(await verdict(before, after)).toMatchObject({ verdict: 'goes-on' });
  });

  it.each<readonly [string, Code, Code]>([
    ['the first', inTurn(['1', '2']), inTurn(['1b', '2'])],
    ['the last', inTurn(['1', '2']), inTurn(['1', '2b'])],
    ['at once', atOnce(['1', '2']), atOnce(['1b', '2'])],
    ['all at once', atOnce(['1', '2']), atOnce(['1b', '2b'])],
  ])('with another input (%s): held, and no child is opened', async (_, before, after) => {
    const task = await edited(before, after);
    expect(task.held).toMatchObject({
      finished: expect.stringMatching(/^call "x\/y"(?: \(number 2\))? with another input$/),
    });
    expect(task.calls).toHaveLength(2);
    expect(await verdict(before, after)).toMatchObject({ verdict: 'held' });
  });

  it('keep their results in all later runs', async () => {
    const before = inTurn(['1', '2']);
    const after: Code = async (task) => {
      const said = await inTurn(['2'], ['4', '1'])(task);
      await task.step('work', () => 'worked');
      return said;
    };
    const task = await edited(before, after);
    const again = await task.replay();
    expect([again.text, again.calls.length]).toEqual([task.text, 3]);
  });
});

const asks =
  (method: 'requestInput' | 'requestAuth'): Code =>
  async (task) => {
    const { text } = await task[method]('May I pay?');
    await task.step('pay', () => 'paid');
    return text;
  };

describe('a question that asks for something else', () => {
  it('an ordinary answer is no authorization, nor the other way round', async () => {
    const task = await edited(asks('requestInput'), asks('requestAuth'));
    expect([task.state, task.steps]).toEqual(['WORKING', []]);
    expect(task.held).toEqual({
      finished: 'question "May I pay?" of requestInput',
      found: 'question "May I pay?" of requestAuth',
    });
    expect(await verdict(asks('requestAuth'), asks('requestInput'))).toMatchObject({ verdict: 'held' });
  });

  it('of a journal that an older version has written is found as before', () => {
    const place = { branch: '', lineage: '', kind: 'question', name: 'May I?' } as const;
    const { key, operation } = new Journal('task', [], () => true).take(place);
    const entry = { ...operation, key, seq: 1, failed: false, ended: false, result: '"May I?"' };
    for (const fingerprint of ['requestInput', 'requestAuth']) {
      const journal = new Journal('task', [entry], () => true);
      expect(journal.take({ ...place, fingerprint }).found).toBe(entry);
      expect(journal.unmetAnswer()).toBeUndefined();
    }
  });

  it('is known by what it asks for where both are asked', async () => {
    const both = (first: 'requestInput' | 'requestAuth', second: 'requestInput' | 'requestAuth'): Code => {
      return async (task) => `${(await task[first]('Go?')).text} ${(await task[second]('Go?')).text}`;
    };
    const answers = ({ forAuth }: { readonly forAuth: boolean }): string => (forAuth ? 'secret' : 'yes');
    const task = await testTask(
      agentOf(() => both('requestInput', 'requestAuth')),
      { answers },
    );
    expect(task.text).toBe('yes secret');
    expect((await task.replay()).text).toBe('yes secret');
    expect(await task.withCode(agentOf(() => both('requestAuth', 'requestInput')))).toEqual({ verdict: 'finishes' });
  });
});

const listed =
  (names: readonly string[]): Code =>
  async (task) => {
    const all = await Promise.all(
      names.map(async (name) => {
        await task.step(name, () => name);
        return task.step(`${name}2`, () => `${name}2`);
      }),
    );
    await task.requestInput('Wait?');
    return all.join(', ');
  };

it.each([
  [['a'], ['a', 'b']],
  [['a'], ['a', 'b', 'c']],
  [
    ['a', 'b'],
    ['a', 'b', 'c'],
  ],
])('a list of flows side by side grows from %j to %j before its question is answered', async (few, more) => {
  const before: Code = async (task) => {
    await listed(few)(task);
    return '';
  };
  const waiting = await testTask(
    agentOf(() => before),
    {},
  );
  expect(
    await waiting.withCode(
      agentOf(() => listed(more)),
      { after: `${few.at(-1)}2` },
    ),
  ).toEqual({ verdict: 'goes-on' });
});
