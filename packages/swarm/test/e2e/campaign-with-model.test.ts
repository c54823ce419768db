/** A campaign whose members ask a model over the wire: what they make of its answers, and what a kill -9 costs. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { at } from '../../../server/test/support/http-calls.js';
import { until } from '../../../server/test/support/until.js';
import { startCampaignModel, type CampaignModel, type Question } from '../support/campaign-model.js';
import { saidBy } from '../../../server/test/support/answers.js';
import { ask, filesOf, inState, startCampaignServer, tell, workOf } from '../support/campaign-server.js';

const brief = {
  product: 'Aqua: A bottle that cools water by itself.',
  audience: 'hikers',
  goal: '500 preorders',
  channels: ['landing page', 'LinkedIn', 'X thread'],
  startDate: '2027-03-01',
};
const others = ['campaign.json', 'calendar.ics', 'calendar.csv', 'links.csv', 'budget.csv', 'summary.md'];
const files = ['landing-page.md', 'linkedin.md', 'x-thread.md', ...others];

let model: CampaignModel;
let server: ServerProcess;

beforeAll(async () => {
  model = await startCampaignModel();
  server = await startCampaignServer(modelSettings());
});

function modelSettings(): Readonly<Record<string, string>> {
  return {
    CONTINUO_MODEL: 'openai-compatible/test-model',
    CONTINUO_MODEL_BASE_URL: model.baseUrl,
    CONTINUO_MODEL_API_KEY: 'sk-secret',
  };
}

/** What was answered behind the first `before`: `member channel`, in whatever order. */
function answeredSince(before: number): readonly string[] {
  return model.answered
    .slice(before)
    .map(({ member, channel }) => (channel === undefined ? member : `${member} ${channel}`));
}

function times(calls: readonly string[], call: string): number {
  return calls.filter((other) => other === call).length;
}

describe('a campaign', () => {
  it('is the work of the model, reviewed, changed where somebody wants it, and complete when it is approved', async () => {
    const before = model.answered.length;
    model.say(({ member, channel }) => member === 'editor' && channel === 'linkedin', {
      findings: [{ note: 'Say it is blue.', quote: null, add: null }],
    });
    const id = await tell(server.url, 'swarm', brief);
    const asked = await inState(server.url, id, 'INPUT_REQUIRED');
    expect(filesOf(asked)['linkedin.md']).toContain('writtenBy: "openai-compatible/test-model"');
    expect(filesOf(asked)['linkedin.md']).toContain('Revised.');
    expect(filesOf(asked)['x-thread.md']).not.toContain('Revised.');
    const calls = answeredSince(before);
    expect(times(calls, 'copywriter linkedin')).toBe(2);
    expect(times(calls, 'copywriter x-thread')).toBe(1);
    expect(times(calls, 'editor linkedin')).toBe(2);
    expect(times(calls, 'compliance reviewer x-thread')).toBe(1);
    expect(times(calls, 'SEO reviewer landing-page')).toBe(1);

    const changing = model.answered.length;
    await tell(server.url, 'swarm', 'Make the X thread funnier.', id);
    const again = await inState(server.url, id, 'INPUT_REQUIRED');
    expect(answeredSince(changing).toSorted()).toEqual(['compliance reviewer x-thread', 'copywriter x-thread']);
    expect(model.answered[changing]?.prompt).toContain('Make the X thread funnier.');
    expect(filesOf(again)['x-thread.md']).toContain('Revised.');

    await tell(server.url, 'swarm', { decision: 'approve', notes: 'Well done' }, id);
    const task = await inState(server.url, id, 'COMPLETED');
    expect(Object.keys(filesOf(task)).toSorted()).toEqual(files.toSorted());
    expect(at(filesOf(task)['campaign.json'], 'approval')).toBe('approved: Well done');
    expect(filesOf(task)['summary.md']).toContain('A campaign for hikers.');
    expect(filesOf(task)['linkedin.md']).toContain('status: "final"');
  });

  it('is read out of plain words by the model', async () => {
    const before = model.answered.length;
    const id = await tell(server.url, 'swarm', 'We have this bottle, Aqua, and hikers should know about it.');
    await inState(server.url, id, 'INPUT_REQUIRED');
    expect(answeredSince(before)[0]).toBe('lead');
  });

  it('is sent back by the editor as often as the brief says, and no more', async () => {
    const findings = [{ note: 'Not good enough.', quote: null, add: null }];
    const always = Array.from({ length: 9 }, () => ({ findings }));
    model.say(({ member, prompt }) => member === 'editor' && prompt.includes('Never Enough'), ...always);
    const before = model.answered.length;
    const stubborn = { ...brief, product: 'Never Enough: A bottle of Aqua.', channels: ['LinkedIn'], rounds: 2 };
    const id = await tell(server.url, 'swarm', stubborn);
    const asked = await inState(server.url, id, 'INPUT_REQUIRED');
    expect(times(answeredSince(before), 'editor linkedin')).toBe(3);
    expect(saidBy(asked)).toContain('Not good enough.');
    // The first writing, two rounds of the editor, and one for what search and compliance find.
    expect((await workOf(server.url, id, 'copywriter')).length).toBeLessThanOrEqual(5);
  });
});

describe('the researcher', () => {
  const claims = [{ text: 'The lightest bottle.', source: 'https://tests.example/bottles' }];
  const found = { audience: [], competitors: [], claims, keywords: ['bottle'], basis: 'Two pages on bottles.' };

  it('cites no page when it can look nothing up, and says so', async () => {
    model.say(({ member }) => member === 'researcher', found);
    const research = filesOf(await ask(server.url, 'researcher', brief)).result;
    expect(research).toMatchObject({
      claims: [{ source: null }],
      basis: expect.stringContaining('nothing was looked up'),
    });
  });

  it('looks things up with the tools of the MCP server `search`', async () => {
    const script = new URL('../../../server/test/support/mcp-server.mjs', import.meta.url).pathname;
    const search = { command: process.execPath, args: [script] };
    const searching = await startCampaignServer({
      ...modelSettings(),
      CONTINUO_MCP_SERVERS: JSON.stringify({ search }),
    });
    const before = model.answered.length;
    const calls = [{ name: 'search_add', input: { a: 20, b: 3 } }];
    model.say(({ member }) => member === 'researcher', { calls }, found);
    const research = filesOf(await ask(searching.url, 'researcher', brief)).result;
    expect(model.answered[before + 1]?.prompt).toContain('"23"');
    expect(research).toMatchObject({ claims, basis: 'Two pages on bottles.' });
  });
});

describe('a piece over the limits of its channel', () => {
  const tooLong = 'Aqua cools water for hikers on every path that they take, all day. '.repeat(6).trim();
  const thread = { brief, channel: 'x-thread' };

  it('is sent back to the model with what is wrong', async () => {
    const before = model.answered.length;
    model.say(
      ({ member }) => member === 'copywriter',
      { posts: [tooLong, 'Two.', 'Three.'] },
      { posts: ['One.', 'Two.', 'Three.'] },
    );
    const piece = filesOf(await ask(server.url, 'copywriter', thread)).result;
    expect(piece).toMatchObject({ content: { posts: ['One.', 'Two.', 'Three.'] }, cut: [] });
    expect(model.answered[before + 1]?.prompt).toContain(`has ${tooLong.length} characters, at most 280 fit`);
  });

  it('is cut at a sentence when the model does not manage', async () => {
    const before = model.answered.length;
    const answer = { posts: [tooLong, 'Two.', 'Three.'] };
    model.say(({ member }) => member === 'copywriter', answer, answer, answer);
    const piece = filesOf(await ask(server.url, 'copywriter', thread)).result;
    expect(answeredSince(before)).toHaveLength(3);
    expect(at(piece, 'cut')).toEqual([expect.stringContaining('posts[0] has')]);
    const first = String(at(piece, 'content', 'posts', 0));
    expect(first.length).toBeLessThanOrEqual(280);
    expect(first).toMatch(/all day\.$/);
  });
});

describe('kill -9 in every stage', () => {
  const stages: readonly (readonly [string, (question: Question) => boolean])[] = [
    ['research', ({ member }) => member === 'researcher'],
    ['strategy', ({ member }) => member === 'strategist'],
    // Its second call: the first answer was too long.
    ['copy', ({ member, channel, prompt }) => isWriting(member, channel) && prompt.includes('The piece so far')],
    ['edit', ({ member, channel }) => member === 'editor' && channel === 'x-thread'],
    ['seo', ({ member }) => member === 'SEO reviewer'],
    ['compliance', ({ member, channel }) => member === 'compliance reviewer' && channel === 'linkedin'],
    ['publish', ({ member }) => member === 'publisher'],
  ];

  function isWriting(member: string, channel: string | undefined): boolean {
    return member === 'copywriter' && channel === 'linkedin';
  }

  /** Nothing of the campaign is under way but what waits for the model: all that was answered is stored. */
  async function onlyTheHeldIsLeft(id: string): Promise<void> {
    await until(
      async () => {
        if (model.held() === 0) throw new Error('the model was not asked');
        const members = [
          'researcher',
          'strategist',
          'copywriter',
          'editor',
          'seo-reviewer',
          'compliance-reviewer',
          'publisher',
        ];
        const tasks = (await Promise.all(members.map((member) => workOf(server.url, id, member)))).flat();
        return tasks.filter((task) => at(task, 'status', 'state') !== 'TASK_STATE_COMPLETED').length === 1;
      },
      { what: 'all but the held call to be done' },
    );
  }

  /** Which call the model keeps waiting next. */
  async function killAndRestart(hold?: (question: Question) => boolean): Promise<void> {
    await server.kill('SIGKILL');
    model.hold(hold);
    server = await startCampaignServer(server.env);
  }

  it('repeats no model call that had finished, and the package is complete', async () => {
    const before = model.answered.length;
    model.hold(stages[0]?.[1]);
    model.say(({ member, channel }) => isWriting(member, channel), { post: 'Aqua cools water. '.repeat(200) });
    const id = await tell(server.url, 'swarm', brief);
    for (const [index, [stage, asks]] of stages.entries()) {
      if (stage === 'publish') {
        await inState(server.url, id, 'INPUT_REQUIRED');
        // While it waits for a person, too.
        await killAndRestart(asks);
        await inState(server.url, id, 'INPUT_REQUIRED');
        await tell(server.url, 'swarm', 'approve', id);
      }
      await onlyTheHeldIsLeft(id);
      await killAndRestart(stages[index + 1]?.[1]);
    }
    const task = await inState(server.url, id, 'COMPLETED');
    expect(Object.keys(filesOf(task)).toSorted()).toEqual(files.toSorted());
    const calls = answeredSince(before).toSorted();
    const each = (member: string): readonly string[] =>
      ['landing-page', 'linkedin', 'x-thread'].map((channel) => `${member} ${channel}`);
    expect(calls).toEqual(
      [
        'researcher',
        'strategist',
        'copywriter linkedin',
        ...each('copywriter'),
        ...each('editor'),
        'SEO reviewer landing-page',
        ...each('compliance reviewer'),
        'publisher',
      ].toSorted(),
    );
    const prompts = model.answered.slice(before).map(({ member, prompt }) => `${member} ${prompt}`);
    expect(new Set(prompts).size).toBe(prompts.length);
  }, 240_000);
});
