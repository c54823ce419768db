/** The content of artifacts as files: all of it or a range, whatever its parts and its size. */
import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { A2AAgent, A2AAgentBaseService, type TaskContext } from '../../src/index.js';
import { startNestServer } from '../support/nest-server.js';
import { at, call, textAt } from '../support/http-calls.js';

const LARGE = 3_000_000;
const picture = randomBytes(LARGE + 1);
const letters = 'äöü€𝄞x'.repeat(LARGE / 16);
const page = '<script>alert(1)</script>';

@A2AAgent({ type: 'test', name: 'files', description: 'Publishes files.' })
class FilesAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    await task.artifact({ artifactId: 'page', name: '../ä page', parts: [{ text: page, mediaType: 'text/html' }] });
    const raw = picture.toString('base64');
    await task.artifact({ artifactId: 'picture', parts: [{ raw, mediaType: 'image/png', filename: 'a.png' }] });
    await task.artifact({ artifactId: 'letters', parts: letters });
    const stream = task.stream({ artifactId: 'story' });
    for (let n = 0; n < 2_000; n += 1) await stream.write(`${n} is a number. `);
    await stream.end();
    await task.artifact({
      artifactId: 'mixed',
      parts: [
        { text: 'one' },
        { text: 'two' },
        { data: { three: 3 } },
        { raw: 'Zm91cg==' },
        { url: 'https://five.example/' },
      ],
    });
    return 'Done.';
  }
}

let url: string;
let files: string;

beforeAll(async () => {
  ({ url } = await startNestServer([FilesAgent], { CONTINUO_ANSWER_BYTES: '1000000' }));
  const message = { messageId: randomUUID(), parts: [{ text: 'go' }] };
  const { body } = await call('POST', `${url}/agents/test/files/tasks`, { body: { message, wait: true } });
  files = `${url}/tasks/${textAt(body, 'id')}/artifacts`;
});

const story = Array.from({ length: 2_000 }, (_, n) => `${n} is a number. `).join('');
const contents: Readonly<Record<string, Buffer>> = {
  page: Buffer.from(page),
  picture,
  letters: Buffer.from(letters),
  story: Buffer.from(story),
  mixed: Buffer.from('onetwo{"three":3}fourhttps://five.example/'),
};

const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

describe.each(Object.entries(contents))('%s', (id, content) => {
  it('comes as a whole, to be saved', async () => {
    const response = await fetch(`${files}/${id}`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(content.length));
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename/);
    expect((await bytesOf(response)).equals(content)).toBe(true);
  });

  it('comes in ranges', async () => {
    const n = content.length;
    const ranges: readonly [string, number, number][] = [
      ['bytes=0-0', 0, 0],
      [`bytes=${n - 1}-`, n - 1, n - 1],
      [`bytes=1-${n + 5}`, 1, n - 1],
      ['bytes=-7', n - 7, n - 1],
      [`bytes=${n >> 1}-${(n >> 1) + 9}`, n >> 1, (n >> 1) + 9],
    ];
    for (const [range, first, last] of ranges) {
      const response = await fetch(`${files}/${id}`, { headers: { range } });
      expect([range, response.status]).toEqual([range, 206]);
      expect(response.headers.get('content-range')).toBe(`bytes ${first}-${last}/${n}`);
      expect((await bytesOf(response)).equals(content.subarray(first, last + 1))).toBe(true);
    }
  });
});

it('says what it is, and never that it is a page', async () => {
  const types = await Promise.all(
    Object.keys(contents).map(async (id) => {
      const { headers } = await fetch(`${files}/${id}`, { method: 'HEAD' });
      return [headers.get('content-type'), headers.get('content-disposition'), headers.get('x-content-type-options')];
    }),
  );
  expect(types).toEqual([
    ['text/html; charset=utf-8', `attachment; filename=".._? page"; filename*=UTF-8''.._%C3%A4%20page`, 'nosniff'],
    ['image/png', 'attachment; filename=a.png', 'nosniff'],
    ['text/plain; charset=utf-8', 'attachment; filename=letters', 'nosniff'],
    ['text/plain; charset=utf-8', 'attachment; filename=story', 'nosniff'],
    ['application/octet-stream', 'attachment; filename=mixed', 'nosniff'],
  ]);
});

it('has parts, counted from 0 as they are shown', async () => {
  const parts = await Promise.all(
    [0, 1, 2, 3].map(async (part) => {
      const response = await fetch(`${files}/mixed?part=${part}`);
      return [await response.text(), response.headers.get('content-type')];
    }),
  );
  expect(parts).toEqual([
    ['onetwo', 'text/plain; charset=utf-8'],
    ['{"three":3}', 'application/json'],
    ['four', 'application/octet-stream'],
    ['https://five.example/', 'text/uri-list; charset=utf-8'],
  ]);
});

it('is not sent again to who has it, nor where there is nothing', async () => {
  const etag = (await fetch(`${files}/story`, { method: 'HEAD' })).headers.get('etag') ?? '';
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(`${files}/${path}`, { headers });
    await response.arrayBuffer();
    return response.status;
  };
  expect(await ask('story', { 'if-none-match': etag })).toBe(304);
  expect(await ask('story', { 'if-none-match': '*' })).toBe(304);
  expect(await ask('story', { range: 'bytes=1-2', 'if-range': etag })).toBe(206);
  expect(await ask('story', { range: 'bytes=1-2', 'if-range': '"another"' })).toBe(200);
  expect(await ask('story', { range: 'bytes=99999999-' })).toBe(416);
  expect(await ask('story', { range: 'bytes=2-1' })).toBe(200);
  expect(await ask('mixed?part=4')).toBe(404);
  expect(await ask('mixed?part=x')).toBe(400);
  expect(await ask('nothing')).toBe(404);
});

it('is told of as a whole by HEAD, which knows no ranges', async () => {
  for (const range of ['bytes=1-2', 'bytes=99999999-']) {
    const { status, headers } = await fetch(`${files}/story`, { method: 'HEAD', headers: { range } });
    expect([status, headers.get('content-length'), headers.get('content-range')]).toEqual([
      200,
      String(Buffer.byteLength(story)),
      null,
    ]);
  }
});

it('is where the answer with its task says', async () => {
  const { body } = await call('GET', files.replace('/artifacts', ''));
  const artifacts = at(body, 'artifacts') as readonly { readonly artifactId: string; readonly metadata?: unknown }[];
  const elsewhere = artifacts.filter(({ metadata }) => metadata !== undefined);
  expect(elsewhere.map(({ artifactId }) => artifactId).toSorted()).toEqual(['letters', 'picture']);
  for (const { artifactId, metadata } of elsewhere) {
    const uri = textAt(metadata, 'urn:continuo:a2a:content:v1', 'uri');
    expect((await fetch(`${url}${uri}`)).headers.get('content-length')).toBe(String(contents[artifactId]?.length));
  }
});
