/** The review of a campaign, piece by piece: approved, changed and edited by hand, whatever becomes of the server meanwhile. */
import { beforeAll, expect, it } from 'vitest';
import { forThisFile } from '../../../server/test/support/outcome.js';
import { saidBy } from '../../../server/test/support/answers.js';
import { at } from '../../../server/test/support/http-calls.js';
import type { ServerProcess } from '../../../server/test/support/server-process.js';
import { filesOf, inState, startCampaignServer, tell, workOf } from '../support/campaign-server.js';
import { sample } from '../support/sample-brief.js';

let server: ServerProcess;

beforeAll(async () => {
  server = await startCampaignServer();
});

const brief = { ...sample, channels: ['LinkedIn', 'X thread', 'Instagram'] };

/** What the artifact of a piece says of it to programs. */
function factsOf(task: unknown, file: string): unknown {
  const artifacts = (at(task, 'artifacts') ?? []) as readonly unknown[];
  const found = artifacts.find((artifact) => at(artifact, 'name') === file);
  return at(found, 'metadata', 'urn:continuo:marketing:piece:v1');
}

const edits = (revision: number, post: string) => ({ linkedin: { revision, content: { post } } });

it('goes on with what somebody has written by hand, through kill -9, and asks about the rest alone', async () => {
  const id = await tell(server.url, 'swarm', brief);
  const asked = await inState(server.url, id, 'INPUT_REQUIRED');
  expect(factsOf(asked, 'linkedin.md')).toMatchObject({
    channel: 'linkedin',
    writtenBy: null,
    editedBy: null,
    link: expect.stringContaining('utm_content=linkedin'),
    dates: [{ date: '2027-03-04' }],
    budget: { currency: 'EUR' },
  });
  const revision = Number(at(factsOf(asked, 'linkedin.md'), 'revision'));

  await tell(server.url, 'swarm', { decision: 'review', edits: edits(revision, 'Aqua is 90 % colder.') }, id);
  const again = await inState(server.url, id, 'INPUT_REQUIRED');
  expect(factsOf(again, 'linkedin.md')).toMatchObject({
    content: { post: 'Aqua is 90 % colder.' },
    revision: revision + 1,
    editedBy: 'owner',
    remarks: expect.arrayContaining([
      { by: 'compliance-reviewer', note: expect.stringContaining('90 %'), quote: 'Aqua is 90 % colder.' },
    ]),
  });
  // Somebody else had the older text before them.
  await expect(
    tell(server.url, 'swarm', { decision: 'review', edits: edits(revision, 'Another text.') }, id),
  ).rejects.toThrow(`edits.linkedin.revision: expected ${revision + 1}`);

  await server.kill('SIGKILL');
  server = await forThisFile(() => startCampaignServer(server.env));
  const mended = { decision: 'review', approve: ['linkedin'], edits: edits(revision + 1, 'Aqua cools water.') };
  await tell(server.url, 'swarm', mended, id);
  const rest = await inState(server.url, id, 'INPUT_REQUIRED');
  expect(saidBy(rest)).not.toContain('LinkedIn (');
  expect(saidBy(rest)).toContain('X thread (');

  await tell(server.url, 'swarm', { decision: 'approve', pieces: ['X thread'] }, id);
  expect(saidBy(await inState(server.url, id, 'INPUT_REQUIRED'))).not.toContain('X thread (');
  await tell(server.url, 'swarm', 'approve', id);
  const task = await inState(server.url, id, 'COMPLETED');
  const files = filesOf(task);
  expect(files['linkedin.md']).toContain('Aqua cools water.');
  expect(files['linkedin.md']).toContain('edited by hand');
  expect(files['linkedin.md']).not.toContain('Draft assembled');
  expect(at(files['campaign.json'], 'pieces', 0)).toMatchObject({ editedBy: 'owner', revision: revision + 2 });
  expect(await workOf(server.url, id, 'publisher')).toHaveLength(1);
});

it('changes some pieces, approves others, and ends when the last one is approved', async () => {
  const id = await tell(server.url, 'swarm', brief);
  await inState(server.url, id, 'INPUT_REQUIRED');
  const writing = (await workOf(server.url, id, 'copywriter')).length;
  const review = {
    decision: 'review',
    approve: ['linkedin', 'instagram'],
    // The name of another piece in it means nothing.
    changes: { 'x-thread': 'Less like the LinkedIn post' },
  };
  await tell(server.url, 'swarm', review, id);
  expect(saidBy(await inState(server.url, id, 'INPUT_REQUIRED'))).not.toContain('- LinkedIn');
  expect(await workOf(server.url, id, 'copywriter')).toHaveLength(writing + 1);
  await tell(server.url, 'swarm', { decision: 'review', approve: ['x-thread'] }, id);
  await inState(server.url, id, 'COMPLETED');
});
