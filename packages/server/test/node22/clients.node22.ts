/** Clients that need Node.js 22 against the built server: what comes out is what `docs/compatibility.md` says. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { newer } from '../../../../compatibility/src/table.mjs';
import { root } from '../../../../scripts/prepare.mjs';
import { startServer, surroundings } from '../support/server-process.js';

const folder = join(root, 'compatibility/node22');

it('get along with Continuo as docs/compatibility.md says', async () => {
  const { url } = await startServer({ entry: join(root, 'packages/server/test/support/agents-server.mjs') });
  const world = {
    echo: `${url}/agents/function/echo`,
    asking: `${url}/agents/test/asks-twice`,
    streaming: `${url}/agents/test/tells`,
    broken: `${url}/agents/no/body`,
  };
  const { stdout } = await promisify(execFile)(
    join(folder, 'node_modules/node/bin/node'),
    [join(folder, 'clients.mjs'), JSON.stringify(world)],
    { env: { ...surroundings(), MASTRA_TELEMETRY_DISABLED: '1' } },
  );
  const expected = Object.entries(newer).map(([name, works]) => [
    name,
    Object.fromEntries(works.map((scenario) => [scenario, 'works'])),
  ]);
  expect(JSON.parse(stdout)).toEqual(Object.fromEntries(expected));
});
