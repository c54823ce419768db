/** Agents as models of OpenAI's API, and who may see them. */
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { newKey } from '../support/keys-command.js';
import { startServer } from '../support/server-process.js';

let url: string;
let key: string;
let keyForEcho: string;

const get = (path: string, bearer?: string): Promise<Response> =>
  fetch(`${url}${path}`, { headers: bearer === undefined ? {} : { Authorization: `Bearer ${bearer}` } });

async function listed(bearer: string): Promise<readonly string[]> {
  const list = (await (await get('/v1/models', bearer)).json()) as {
    readonly object: string;
    readonly data: readonly { readonly id: string }[];
  };
  expect(list.object).toBe('list');
  return list.data.map(({ id }) => id);
}

beforeAll(async () => {
  const { url: databaseUrl } = await createTestDatabase();
  ({ url } = await startServer({ env: { DATABASE_URL: databaseUrl, CONTINUO_AUTH: 'keys' } }));
  key = await newKey(databaseUrl, '--owner', 'ada');
  keyForEcho = await newKey(databaseUrl, '--owner', 'ada', '--agents', 'function/echo');
});

it('lists the agents that people may call, and each by its name', async () => {
  const ids = await listed(key);
  expect(ids).toEqual(expect.arrayContaining(['function/echo', 'context/assistant', 'orchestrator/default']));
  for (const path of ['function/echo', 'function%2Fecho']) {
    const model = await (await get(`/v1/models/${path}`, key)).json();
    expect(model).toEqual({ id: 'function/echo', object: 'model', created: 0, owned_by: 'function' });
  }
});

it('answers what is wrong as OpenAI does', async () => {
  const unknown = await get('/v1/models/gpt-5', key);
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toEqual({
    error: {
      message: 'There is no agent "gpt-5".',
      type: 'not_found_error',
      param: 'model',
      code: 'agent_not_found',
    },
  });
  const stranger = await get('/v1/models');
  expect(stranger.status).toBe(401);
  expect(stranger.headers.get('www-authenticate')).toContain('Bearer');
  expect(await stranger.json()).toMatchObject({ error: { type: 'authentication_error', code: 'unauthenticated' } });
});

it('shows a key that is for one agent that agent alone', async () => {
  expect(await listed(keyForEcho)).toEqual(['function/echo']);
  expect((await get('/v1/models/context/assistant', keyForEcho)).status).toBe(404);
});
