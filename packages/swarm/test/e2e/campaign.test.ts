/** A whole campaign on the stand-alone server, without a model: from the brief to the approved package. */
import { beforeAll, describe, expect, it } from 'vitest';
import { ResumingReader } from '../../../server/test/support/event-stream.js';
import { at, call, textAt } from '../../../server/test/support/http-calls.js';
import { channelIds } from '../../src/channels/channels.js';
import { saidBy } from '../../../server/test/support/answers.js';
import { ask, filesOf, inState, startCampaignServer, tell, workOf } from '../support/campaign-server.js';
import { sample } from '../support/sample-brief.js';

const PROGRESS = 'urn:continuo:a2a:progress:v1';
const others = ['campaign.json', 'calendar.ics', 'calendar.csv', 'links.csv', 'budget.csv', 'summary.md'];
const pieces = channelIds.map((channel) => `${channel}.md`);
let url: string;

beforeAll(async () => {
  ({ url } = await startCampaignServer());
});

describe('a campaign', () => {
  let id: string;
  let reader: ResumingReader;
  let asked: unknown;

  beforeAll(async () => {
    id = await tell(url, 'swarm', sample);
    asked = await inState(url, id, 'INPUT_REQUIRED');
  });

  it('asks for approval and shows its pieces, marked as drafts', async () => {
    expect(saidBy(asked)).toContain('The campaign for Aqua is ready for your approval');
    const files = filesOf(asked);
    expect(Object.keys(files).toSorted()).toEqual(pieces.toSorted());
    for (const file of Object.values(files)) expect(file).toContain('**Draft assembled from the brief.**');
    expect(at(asked, 'status', 'message', 'metadata', 'urn:continuo:a2a:input:v1', 'schema')).toMatchObject({
      anyOf: expect.anything(),
    });
  });

  it('has each member work as a task of its own, linked to the campaign', async () => {
    for (const member of ['researcher', 'strategist']) expect(await workOf(url, id, member)).toHaveLength(1);
    expect((await workOf(url, id, 'editor')).length).toBeGreaterThanOrEqual(pieces.length);
    const [child] = await workOf(url, id, 'researcher');
    expect(at(child, 'metadata', PROGRESS)).toMatchObject({ parentTaskId: id, rootTaskId: id });
  });

  it('refuses an answer that is none, and goes on waiting', async () => {
    await expect(tell(url, 'swarm', { decision: 'perhaps' }, id)).rejects.toThrow('400');
    await inState(url, id, 'INPUT_REQUIRED');
  });

  it('changes only the piece that somebody wants changed, and asks again', async () => {
    const before = await workOf(url, id, 'copywriter');
    await tell(url, 'swarm', { decision: 'change', notes: 'Mention that it is blue.', pieces: ['linkedin'] }, id);
    const again = await inState(url, id, 'INPUT_REQUIRED');
    const added = (await workOf(url, id, 'copywriter')).length - before.length;
    expect(added).toBe(1);
    const [files, changed] = [filesOf(asked), filesOf(again)];
    // Nobody can write it without a model: it is said, and not left in the text.
    expect(changed['linkedin.md']).toContain('wanted: ["Mention that it is blue."]');
    expect(saidBy(again)).toContain('Not done, because no language model is configured: “Mention that it is blue.”');
    for (const name of pieces.filter((piece) => piece !== 'linkedin.md')) expect(changed[name]).toBe(files[name]);
  });

  it('is complete as soon as it is approved', async () => {
    reader = new ResumingReader(`${url}/tasks/${id}/events`);
    await tell(url, 'swarm', 'approve', id);
    const task = await inState(url, id, 'COMPLETED');
    const files = filesOf(task);
    expect(Object.keys(files).toSorted()).toEqual([...pieces, ...others].toSorted());
    expect(files['linkedin.md']).toContain('status: "draft"');
    expect(files['linkedin.md']).not.toContain('Mention that it is blue.');
    expect(at(files['campaign.json'], 'pieces')).toHaveLength(pieces.length);
    expect(at(files['campaign.json'], 'approval')).toBe('approved');
    expect(files['calendar.ics']).toContain('DTSTART;VALUE=DATE:20270301');
    expect(files['budget.csv']).toContain('total,100.00%,5000.00,EUR');
    expect(files['links.csv']).toContain('utm_campaign=aqua&utm_content=linkedin');
    for (const artifact of at(task, 'artifacts') as readonly unknown[]) {
      expect(textAt(artifact, 'parts', 0, 'filename')).toBe(textAt(artifact, 'name'));
    }
  });

  it('never goes back in its progress, and ends with all of it', async () => {
    await reader.read();
    const fractions = reader.frames
      .map(({ data }) => at(data, 'statusUpdate', 'metadata', PROGRESS, 'fraction'))
      .filter((fraction) => typeof fraction === 'number');
    expect(fractions).toEqual(fractions.toSorted((one, other) => one - other));
    expect(fractions.length).toBeGreaterThan(10);
    const doing = reader.frames.map(({ data }) => at(data, 'statusUpdate', 'metadata', PROGRESS, 'stage'));
    expect(doing).toContain('marketing/copywriter: Writing LinkedIn');
    const { body } = await call('GET', `${url}/tasks/${id}`);
    expect(at(body, 'metadata', PROGRESS, 'fraction')).toBe(1);
  });
});

it('publishes without asking where the brief says so', async () => {
  const task = await ask(url, 'swarm', { ...sample, channels: ['X'], approval: 'none' });
  expect(Object.keys(filesOf(task))).toEqual(['x-thread.md', ...others]);
  expect(at(filesOf(task)['campaign.json'], 'approval')).toBe('not asked for');
});

it('takes what is said beside the brief as background', async () => {
  const parts = [{ text: 'It is for the summer.' }, { data: { ...sample, channels: ['X'], approval: 'none' } }];
  const { body } = await call('POST', `${url}/agents/marketing/swarm/tasks`, {
    body: { message: { parts }, wait: true },
  });
  expect(at(filesOf(body)['campaign.json'], 'brief', 'background')).toEqual({ message: 'It is for the summer.' });
});

it('reads a brief in plain words', async () => {
  const id = await tell(
    url,
    'swarm',
    'Launch "Aqua", a bottle that cools water, for hikers on LinkedIn. Budget 500 EUR.',
  );
  expect(Object.keys(filesOf(await inState(url, id, 'INPUT_REQUIRED')))).toEqual(['linkedin.md']);
});

it('is over when it is rejected, with the reason, and publishes nothing', async () => {
  const id = await tell(url, 'swarm', { ...sample, channels: ['LinkedIn'] });
  await inState(url, id, 'INPUT_REQUIRED');
  await tell(url, 'swarm', 'Reject: we have no stock.', id);
  const task = await inState(url, id, 'FAILED');
  expect(saidBy(task)).toBe('The campaign was rejected: we have no stock. Nothing was published.');
  expect(await workOf(url, id, 'publisher')).toEqual([]);
});

it('fails on a bad brief, naming the field, before anybody works', async () => {
  const id = await tell(url, 'swarm', { ...sample, channels: ['LinkedIn', 'fax'] });
  expect(saidBy(await inState(url, id, 'FAILED'))).toContain('channels[1]: expected one of landing-page');
  expect(await workOf(url, id, 'researcher')).toEqual([]);
});

describe('each member is an agent of its own', () => {
  const piece = { channel: 'linkedin', content: { post: 'Aqua is the best bottle: 90 % colder!!!' } };
  it.each([
    ['researcher', sample, 'keywords'],
    ['strategist', 'Product: Aqua\nAudience: hikers\nGoal: preorders\nChannels: X', 'X thread'],
    ['copywriter', { brief: sample, channel: 'press-release' }, 'Press release: written'],
    ['editor', { brief: sample, piece }, 'shouts'],
    ['seo-reviewer', { brief: sample, piece }, 'Reading ease'],
    ['compliance-reviewer', { brief: sample, piece }, 'Unsupported claim'],
    ['compliance-reviewer', 'Aqua is the best bottle.', 'Unsupported claim'],
    ['publisher', { brief: sample, pieces: [piece] }, 'campaign.json'],
  ])('%s', async (member, input, said) => {
    const card = await call('GET', `${url}/agents/marketing/${member}/.well-known/agent-card.json`);
    expect(at(card.body, 'skills', 0)).toMatchObject({ name: expect.any(String), examples: [expect.any(String)] });
    const task = await ask(url, member, input);
    expect(textAt(task, 'status', 'state')).toBe('TASK_STATE_COMPLETED');
    expect(saidBy(task)).toContain(said);
    expect(Object.keys(filesOf(task)).length).toBeGreaterThan(0);
  });

  it('that says which of its inputs is wrong', async () => {
    expect(saidBy(await ask(url, 'copywriter', { brief: sample, channel: 'fax' }))).toContain('channel: ');
    expect(saidBy(await ask(url, 'publisher', { brief: sample }))).toContain('pieces: expected the pieces to publish');
  });
});
