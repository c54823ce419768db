/** Pictures of every page of the console, in `screenshots/out`, to be looked at. */
import { expect, test } from 'vitest';
import { createTestDatabase } from '../../server/test/support/database.js';
import { startServer } from '../../server/test/support/server-process.js';
import { fillDatabase } from '../test/support/fill-database.js';
import { begin, campaign, openSession, reaches } from '../test/support/sample-data.js';
import { take } from './take.js';

test('every page', async () => {
  const { url: database } = await createTestDatabase();
  await fillDatabase(database, 2_000, 43);
  const { url } = await startServer({ env: { CONTINUO_AGENT_PACKAGES: '@continuo/swarm', DATABASE_URL: database } });
  const session = await openSession(url, 'A dog called Rex');
  for (const text of ['My dog is called **Rex**.', 'What is my dog called?']) {
    await reaches(url, await begin(url, 'context/assistant', text, session), 'COMPLETED');
  }
  const swarm = await begin(url, 'marketing/swarm', campaign);
  await reaches(url, swarm, 'INPUT_REQUIRED');
  const failed = await begin(url, 'function/countdown', { steps: -1 });
  await reaches(url, failed, 'FAILED');
  const slow = await begin(url, 'function/countdown', { steps: 40, delayMs: 4_000 });
  for (let n = 1; n <= 12; n += 1) await begin(url, 'function/echo', `Message ${n}`);
  const pages: Record<string, string> = {
    overview: '/overview',
    agents: '/agents',
    agent: '/agents/marketing/swarm',
    'chat-new': '/chat?agent=context/assistant',
    'chat-answered': `/chat/${session}`,
    sessions: '/sessions',
    marketing: '/marketing',
    campaign: `/marketing/${swarm}`,
    tasks: '/tasks',
    'task-working': `/tasks/${slow}`,
    'task-failed': `/tasks/${failed}`,
    'task-waiting': `/tasks/${swarm}`,
    'task-artifacts': `/tasks/${swarm}?view=artifacts`,
    'task-children': `/tasks/${swarm}?view=children`,
  };
  for (const [name, path] of Object.entries(pages)) expect(await take(url, name, path)).toEqual([]);
});
