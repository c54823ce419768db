/** Many subscribers of one task that streams: each must see the same events, and one of them is read word for word. */
import { createHash } from 'node:crypto';
import { streamText } from './agent-data.mjs';
import { answerStream, askedTask } from './client.mjs';
import { open } from './http.mjs';

/**
 * @param {{ base: string, subscribers: number, chunks: number }} load
 * @returns {Promise<{ readonly events: number, readonly bytes: number, readonly seconds: number }>} what all subscribers
 *   got together, and how long after the answer that begins the stream the last of them had all of it
 * @throws {Error} unless each got every event once and in order
 */
export async function fanout({ base, subscribers, chunks }) {
  const task = await askedTask(base, 'stream', { chunks });
  // Behind what there is already: the question.
  const seen = await lastSeq(base, task.id);
  const responses = await Promise.all(
    Array.from({ length: subscribers }, () =>
      open(`${base}/tasks/${task.id}/events`, { headers: { 'last-event-id': String(seen) } }),
    ),
  );
  const start = performance.now();
  const [, ...reads] = await Promise.all([
    answerStream(base, task),
    ...responses.map((response, index) => readAll(response, index === 0)),
  ]);
  const seconds = (performance.now() - start) / 1000;
  const [first, ...others] = reads;
  if (first === undefined) throw new Error('There was no subscriber');
  const events = check(first.text, seen, chunks);
  const odd = others.filter(({ hash }) => hash !== first.hash).length;
  if (odd > 0) throw new Error(`${odd} of ${subscribers} subscribers saw other events than the first`);
  return { events: events * subscribers, bytes: first.bytes * subscribers, seconds };
}

/** @param {string} base @param {string} id */
async function lastSeq(base, id) {
  const { text } = await readAll(await open(`${base}/tasks/${id}/events?follow=false`), true);
  return Math.max(...[...text.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq)));
}

/**
 * @param {import("node:http").IncomingMessage} response
 * @param {boolean} keeps whether its text is wanted: hashing alone costs the client little
 */
async function readAll(response, keeps) {
  if (response.statusCode !== 200) throw new Error(`HTTP ${response.statusCode} in place of an event stream`);
  const hash = createHash('md5');
  /** @type {Buffer[]} */
  const kept = [];
  let bytes = 0;
  for await (const piece of response) {
    hash.update(piece);
    bytes += piece.length;
    if (keeps) kept.push(piece);
  }
  return { hash: hash.digest('hex'), bytes, text: Buffer.concat(kept).toString('utf8') };
}

/** @param {string} text @param {number} seen @param {number} chunks @returns {number} events in it */
function check(text, seen, chunks) {
  const seqs = [...text.matchAll(/^id: (\d+)$/gm)].map(([, seq]) => Number(seq));
  const said = [...text.matchAll(/^data: (.*)$/gm)]
    .map(([, data]) => JSON.parse(data ?? '').artifactUpdate?.artifact.parts)
    .flatMap((parts) => (parts ?? []).map((/** @type {any} */ part) => part.text))
    .join('');
  if (seqs.some((seq, index) => seq !== seen + 1 + index)) throw new Error('The events have gaps or are out of order');
  if (said !== streamText(chunks)) throw new Error(`A subscriber got ${said.length} characters of ${chunks} chunks`);
  return seqs.length;
}
