/** A reload with code that never gets to serve: the old processes go on, and the next reload is carried out. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startServer } from '../support/server-process.js';
import { makeTestDirectory } from '../support/test-directory.js';
import { untilWritten } from '../support/until-written.js';
import { until } from '../support/until.js';

const library = new URL('../../dist/index.js', import.meta.url).href;

/** What a program may wait for in vain: before it starts its server, or while that starts. */
const hangs = {
  before: `if (hangs) await forEver();
    await startServer({ agents: [] });`,
  during: `class Slow { async onModuleInit() { if (hangs) await forEver(); } }
    await startServer({ agents: [], providers: [Slow] });`,
};

it.each(['before', 'during'] as const)(
  'by a program that hangs %s its start is given up for the next one',
  async (when) => {
    const directory = await makeTestDirectory('stuck-reload');
    const [entry, flag] = [join(directory, 'program.mjs'), join(directory, 'hangs')];
    await writeFile(
      entry,
      `import cluster from 'node:cluster';
    import { existsSync } from 'node:fs';
    import { startServer } from ${JSON.stringify(library)};
    const hangs = cluster.isWorker && existsSync(${JSON.stringify(flag)});
    const forEver = () => new Promise(() => {
      console.log('hangs: ' + process.pid);
      setInterval(() => undefined, 1_000);
    });
    ${hangs[when]}`,
    );
    const server = await startServer({ entry, env: { CONTINUO_PROCESSES: '2', CONTINUO_DRAIN_MS: '0' } });
    const served = () => server.output().match(/"msg":"a process serves"/g)?.length ?? 0;
    await until(() => served() === 2, { what: 'both to serve' });

    await writeFile(flag, '');
    process.kill(server.pid, 'SIGHUP');
    await untilWritten(server, 'hangs: ');
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);

    await rm(flag);
    process.kill(server.pid, 'SIGHUP');
    await untilWritten(server, 'the processes are reloaded');
    expect(served()).toBe(4);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  },
);
