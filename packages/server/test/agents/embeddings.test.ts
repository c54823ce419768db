/** Texts as vectors, over the wire protocols of the providers, and what their failures become. */
import { expect, it } from 'vitest';
import type { Embeddings } from '@continuo/agent/internal/agents/models/embeddings.js';
import { ModelUnavailableError } from '@continuo/agent/internal/agents/models/model-errors.js';
import { TerminalError } from '@continuo/agent/internal/platform/errors.js';
import { embeddingsFromConfig } from '../../src/agents/models/embeddings-from-config.js';
import { loadConfig } from '../../src/platform/config.js';
import { startEmbeddingsServer } from '../support/embeddings-server.js';

const server = await startEmbeddingsServer();
const { url, requests } = server;

function embeddings(env: NodeJS.ProcessEnv = {}): Embeddings {
  const made = embeddingsFromConfig(
    loadConfig({
      CONTINUO_EMBEDDING_MODEL: 'openai-compatible/test-embedding',
      CONTINUO_MODEL_BASE_URL: `${url}/v1`,
      CONTINUO_MODEL_API_KEY: 'sk-secret',
      ...env,
    }),
  );
  if (made === undefined) throw new Error('no embedding model');
  return made;
}

it('gives a vector for each text, in their order', async () => {
  const { model, embed } = embeddings();
  expect(model).toBe('openai-compatible/test-embedding');
  expect(await embed(['a', 'abc'])).toEqual({
    vectors: [
      [1, 1],
      [3, 1],
    ],
    tokens: 2,
  });
  expect(requests.at(-1)).toMatchObject({ path: '/v1/embeddings', model: 'test-embedding', input: ['a', 'abc'] });
  expect(requests.at(-1)?.key).toBe('Bearer sk-secret');
});

it('asks nobody about no texts, and sends well-formed text only', async () => {
  const before = requests.length;
  expect(await embeddings().embed([])).toEqual({ vectors: [], tokens: 0 });
  expect(requests).toHaveLength(before);
  await embeddings().embed(['half \ud83d']);
  expect(requests.at(-1)?.input).toEqual(['half \ufffd']);
});

it('speaks with OpenAI itself, at the address and with the key that are said for it', async () => {
  const openAi = embeddings({
    CONTINUO_MODEL: 'anthropic/claude-test',
    CONTINUO_EMBEDDING_MODEL: 'openai/text-embedding-test',
    CONTINUO_MODEL_BASE_URL: JSON.stringify({ openai: `${url}/openai` }),
    CONTINUO_MODEL_API_KEY: JSON.stringify({ anthropic: 'sk-ant', openai: 'sk-openai' }),
  });
  expect((await openAi.embed(['a'])).vectors).toHaveLength(1);
  expect(requests.at(-1)).toMatchObject({ path: '/openai/embeddings', key: 'Bearer sk-openai' });
});

it.each([
  [429, ModelUnavailableError],
  [401, TerminalError],
] as const)('says of HTTP %i whether trying again may help', async (status, kind) => {
  server.refusal = status;
  await expect(embeddings().embed(['a'])).rejects.toBeInstanceOf(kind);
});

it('takes no answer in which vectors are missing', async () => {
  server.missing = 1;
  await expect(embeddings().embed(['a', 'b'])).rejects.toThrow('gave no vector');
  server.missing = 0;
});

it('ends with the signal of whoever asks', async () => {
  const reason = new Error('over');
  await expect(embeddings().embed(['a'], AbortSignal.abort(reason))).rejects.toBe(reason);
});

it('is not there without CONTINUO_EMBEDDING_MODEL', () => {
  expect(embeddingsFromConfig(loadConfig({}))).toBeUndefined();
  expect(() => loadConfig({ CONTINUO_EMBEDDING_MODEL: 'anthropic/x' })).toThrow('CONTINUO_EMBEDDING_MODEL');
  expect(() => loadConfig({ CONTINUO_EMBEDDING_MODEL: 'openai-compatible/x' })).toThrow('CONTINUO_MODEL_BASE_URL');
});
