/** A local server that speaks OpenAI's protocol of embeddings: a text's vector is its length, and 1. */
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { onLoopback } from './on-loopback.js';

interface EmbeddingsRequest {
  readonly path: string | undefined;
  readonly key: string | undefined;
  readonly model: string;
  readonly input: readonly string[];
}

export interface EmbeddingsServer {
  readonly url: string;
  readonly requests: readonly EmbeddingsRequest[];
  /** Refuses the next request with this status. */
  refusal: number | undefined;
  /** How many of the texts get no vector. */
  missing: number;
}

export async function startEmbeddingsServer(): Promise<EmbeddingsServer> {
  const requests: EmbeddingsRequest[] = [];
  const settings: Pick<EmbeddingsServer, 'refusal' | 'missing'> = { refusal: undefined, missing: 0 };
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { model, input } = JSON.parse(body) as EmbeddingsRequest;
      requests.push({ path: request.url, key: request.headers.authorization, model, input });
      const { refusal, missing } = settings;
      response.writeHead(refusal ?? 200, { 'content-type': 'application/json' });
      settings.refusal = undefined;
      if (refusal !== undefined) {
        response.end(JSON.stringify({ error: { message: 'no', type: 'error' } }));
        return;
      }
      const vector = (said: string, index: number) => ({ object: 'embedding', index, embedding: [said.length, 1] });
      const usage = { prompt_tokens: input.length, total_tokens: input.length };
      response.end(JSON.stringify({ object: 'list', data: input.slice(missing).map(vector), model, usage }));
    });
  });
  return Object.assign(settings, { url: await onLoopback(server), requests });
}
