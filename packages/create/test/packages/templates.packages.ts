/** Each template from `npm create` to production, as an ordinary user with an empty cache. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../../../server/test/support/database.js';
import type { Output, Project } from '../../../server/test/support/foreign-project.js';
import { freePort } from '../../../server/test/support/server-process.js';
import { called, complaint, developed, edited, produced } from '../support/made-project.js';
import { ordinaryProject } from '../support/ordinary-project.js';

const templates = [
  { id: 'minimal', agent: 'demo/greeter', says: 'Ada', answer: 'greeting number 1' },
  { id: 'llm', agent: 'shop/support', says: 'Where is my order A-1001?', answer: 'offline' },
  { id: 'nest', agent: 'shop/refunds', says: 'Refund A-1001', answer: 'Refund 40 EUR' },
  { id: 'team', agent: 'travel/planner', says: '3 days in Lisbon', answer: '3 days in Lisbon cost' },
];

describe.each(templates)('a project of the template $id', ({ id, agent, says, answer }) => {
  let created: Output;
  let project: Project;

  beforeAll(async () => {
    const directory = await ordinaryProject();
    created = await directory.npm('create', 'continuo@latest', 'my-agents', '--yes', '--', '--template', id, '--yes');
    project = directory.inside('my-agents');
  });

  it('is made and installed without a warning', () => {
    expect(created.all).not.toMatch(complaint);
  });

  it('passes its tests, and compiles with the types of everything', async () => {
    expect((await project.npm('test')).all).toMatch(/Tests {2}\d+ passed/);
    expect(await project.run('tsc', '-p', '.', '--noEmit', '--skipLibCheck', 'false')).toMatchObject({
      code: 0,
      all: '',
    });
    await project.npm('run', 'build');
  });

  it('answers from npm run dev, has the console, and an edit shows', async () => {
    const port = String(await freePort());
    const dev = await developed(project, port);
    expect((await called(project, port, agent, says)).all).toContain(answer);
    expect((await fetch(`http://127.0.0.1:${port}/console/`)).status).toBe(200);
    await edited(project, port, { agent, file: `src/agents/${agent.split('/')[1]}.agent.ts` });
    await dev.stop();
  });

  it('answers from npm start in production', async () => {
    const { url } = await createTestDatabase();
    const port = String(await freePort());
    const server = await produced(project, port, url);
    expect((await called(project, port, agent, says)).all).toContain(answer);
    await server.stop();
  });
});
