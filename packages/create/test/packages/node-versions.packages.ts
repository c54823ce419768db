/** A new project on other versions of Node.js, which npm has as packages. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort } from '../../../server/test/support/server-process.js';
import { called, complaint, developed } from '../support/made-project.js';
import { ordinaryProject } from '../support/ordinary-project.js';

// `node` itself is a script that installs one of these.
const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

describe.each(['22', '24'])('on Node.js %s', (version) => {
  it('a project is made, passes its tests and answers', async () => {
    const place = await ordinaryProject();
    await place.npm('install', `${name}@${version}`);
    const node = join(place.directory, 'node_modules', name, 'bin/node');
    const directory = await ordinaryProject({ node });
    expect((await directory.run('node', '--version')).stdout).toMatch(`v${version}.`);
    const created = await directory.npm('create', 'continuo@latest', 'my-agents', '--yes', '--', '--yes');
    expect(created.all).not.toMatch(complaint);
    const project = directory.inside('my-agents');
    expect((await project.npm('test')).all).toMatch(/Tests {2}\d+ passed/);
    const port = String(await freePort());
    const dev = await developed(project, port);
    expect((await called(project, port, 'demo/greeter', 'Ada')).all).toContain('Ada! This is greeting number 1');
    expect(dev.output()).not.toMatch(/warning/i);
    await dev.stop();
  });
});
