/** Uploads: what becomes a file and what doesn't, how one is read, continued and deleted, and what it lives with. */
import 'reflect-metadata';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/platform/database.js';
import { startNestServer } from '../support/nest-server.js';
import { at, call, textAt } from '../support/http-calls.js';
import { rawConnection } from '../support/raw-connection.js';
import { until } from '../support/until.js';

const MOST = 3_000_000;
const picture = randomBytes(1_500_001);
let url: string;
let rows: (sql: string, values?: readonly unknown[]) => Promise<readonly Record<string, unknown>[]>;

beforeAll(async () => {
  const started = await startNestServer([], {
    CONTINUO_LIMIT_FILE_BYTES: String(MOST),
    CONTINUO_LIMIT_STORED_BYTES: '20000000',
    CONTINUO_RETENTION_MS: '50',
    CONTINUO_UPLOAD_TIMEOUT_MS: '3600000',
  });
  ({ url } = started);
  const database = started.app.get(Database);
  rows = (sql, values) => database.query(sql, values);
});

interface Sent {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function send(method: string, path: string, body: Buffer | string, headers = {}): Promise<Sent> {
  const response = await fetch(path.startsWith('http') ? path : `${url}${path}`, { method, headers, body });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
}

const reasonOf = ({ body }: Sent): unknown => at(body, 'error', 'details', 0, 'reason');
const fieldOf = ({ body }: Sent): unknown => at(body, 'error', 'details', 0, 'metadata', 'field');
const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
const bytesOf = async (response: Response): Promise<Buffer> => Buffer.from(await response.arrayBuffer());

describe('a file', () => {
  let made: Sent;
  let file: string;
  let sessionId: string;

  beforeAll(async () => {
    sessionId = randomUUID();
    made = await send('POST', `/files?sessionId=${sessionId}`, picture, {
      'content-type': 'image/png',
      'content-disposition': `attachment; filename="a.png"; filename*=UTF-8''%C3%A4%20b.png`,
    });
    file = textAt(made.body, 'url');
  });

  it('is told of when it is there', () => {
    const { status, headers, body } = made;
    expect([status, body]).toEqual([
      201,
      {
        id: expect.any(String),
        url: `${url}/files/${textAt(body, 'id')}`,
        name: 'ä b.png',
        mediaType: 'image/png',
        bytes: picture.length,
        sha256: sha256(picture),
        sessionId,
        complete: true,
        createdAt: expect.any(String),
      },
    ]);
    expect(headers.get('location')).toBe(file);
  });

  it('is read as a whole, to be saved', async () => {
    const response = await fetch(file);
    expect(response.status).toBe(200);
    expect((await bytesOf(response)).equals(picture)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(picture.length),
      'content-disposition': expect.stringMatching(/^attachment; .*%C3%A4%20b\.png/),
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      etag: `"${sha256(picture)}"`,
    });
  });

  it.each([
    ['bytes=0-0', 0, 0],
    ['bytes=524280-524300', 524_280, 524_300],
    ['bytes=1499999-', 1_499_999, 1_500_000],
    ['bytes=-3', 1_499_998, 1_500_000],
  ])('is read in part: %s', async (range, first, last) => {
    const response = await fetch(file, { headers: { range } });
    expect([response.status, response.headers.get('content-range')]).toEqual([
      206,
      `bytes ${first}-${last}/${picture.length}`,
    ]);
    expect((await bytesOf(response)).equals(picture.subarray(first, last + 1))).toBe(true);
  });

  it('has no range beyond its end', async () => {
    const response = await fetch(file, { headers: { range: `bytes=${picture.length}-` } });
    expect([response.status, response.headers.get('content-range')]).toEqual([416, `bytes */${picture.length}`]);
  });

  it('is told of without being sent', async () => {
    const head = await fetch(file, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), head.headers.get('upload-complete')]).toEqual([
      200,
      String(picture.length),
      '?1',
    ]);
    const known = await fetch(file, { headers: { 'if-none-match': `"${sha256(picture)}"` } });
    expect(known.status).toBe(304);
  });

  it('takes nothing more', async () => {
    const headers = { 'content-type': 'application/partial-upload', 'upload-offset': '0', 'upload-complete': '?1' };
    const { status, headers: told } = await send('PATCH', file, 'more', headers);
    expect([status, told.get('upload-complete')]).toEqual([409, '?1']);
  });

  it('is listed in its session, page by page, and nowhere when it is deleted', async () => {
    const second = await send('POST', `/files?sessionId=${sessionId}&name=b.txt`, 'b');
    const list = async (query: string) => (await call('GET', `${url}/files?sessionId=${sessionId}${query}`)).body;
    const first = await list('&pageSize=1');
    const rest = await list(`&pageSize=1&pageToken=${textAt(first, 'nextPageToken')}`);
    expect([first, rest].map((page) => textAt(page, 'files', 0, 'name'))).toEqual(['b.txt', 'ä b.png']);
    expect(textAt(rest, 'nextPageToken')).toBe('');
    const gone = textAt(second.body, 'url');
    expect((await fetch(gone, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(gone)).status).toBe(404);
    expect((await fetch(gone, { method: 'DELETE' })).status).toBe(404);
    expect(at(await list(''), 'files')).toHaveLength(1);
  });

  it('goes with its session, and so do its pieces', async () => {
    const id = file.slice(file.lastIndexOf('/') + 1);
    expect((await fetch(`${url}/sessions/${sessionId}`, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(file)).status).toBe(404);
    await until(
      async () => {
        const left = await rows('SELECT 1 FROM file_pieces WHERE file_id = $1 UNION ALL SELECT 2 FROM removed_files', [
          id,
        ]);
        return left.length === 0;
      },
      { what: 'the pieces to be removed' },
    );
  });
});

describe('what is uploaded', () => {
  it('may be empty, and without name, type and session', async () => {
    const { status, body } = await send('POST', '/files', '');
    expect([status, body]).toMatchObject([201, { name: 'file', bytes: 0, sha256: sha256(Buffer.of()) }]);
    const content = await fetch(textAt(body, 'url'));
    expect([content.status, content.headers.get('content-length')]).toEqual([200, '0']);
    expect((await call('GET', `${url}/sessions/${textAt(body, 'sessionId')}`)).status).toBe(200);
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['..', 'file'],
    ['a\u0001b', 'a_b'],
  ])('has a name that leads nowhere: %j', async (name, kept) => {
    const { body } = await send('POST', `/files?name=${encodeURIComponent(name)}`, 'x');
    expect(textAt(body, 'name')).toBe(kept);
  });

  it.each([
    ['a media type that is none', 'POST', { 'content-type': 'picture' }, 400, 'Content-Type'],
    ['compressed content', 'POST', { 'content-encoding': 'gzip' }, 415, 'Content-Encoding'],
    ['an end that is none', 'POST', { 'upload-complete': 'yes' }, 400, 'Upload-Complete'],
    ['a length that is none', 'POST', { 'upload-complete': '?0', 'upload-length': '-1' }, 400, 'Upload-Length'],
    ['another length', 'POST', { 'upload-complete': '?1', 'upload-length': '5' }, 400, 'Upload-Length'],
  ])('is refused with %s', async (_what, method, headers, status, field) => {
    const sent = await send(method, '/files', 'four', headers);
    expect([sent.status, fieldOf(sent)]).toEqual([status, field]);
  });

  it('is refused at once when it says that it is too large, and when it turns out to be', async () => {
    const announced = await rawConnection(
      url,
      `POST /files HTTP/1.1\r\nhost: ${new URL(url).host}\r\ncontent-length: ${MOST + 1}\r\n\r\n`,
    );
    await until(() => announced.received().startsWith('HTTP/1.1 413'), { what: 'the answer before the content' });
    announced.end();
    const chunks = ReadableStream.from(
      (async function* () {
        for (let n = 0; n < 4; n += 1) yield new Uint8Array(1_000_000);
      })(),
    );
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body: chunks, duplex: 'half' };
    const found = await fetch(`${url}/files?name=too-large`, init);
    expect(found.status).toBe(413);
    await found.body?.cancel();
    const { body } = await call('GET', `${url}/files?complete=false`);
    expect(JSON.stringify(body)).not.toContain('too-large');
  });

  it('counts into what the caller may store', async () => {
    const kept: string[] = [];
    for (let n = 0; n < 6; n += 1) {
      const { status, body } = await send('POST', '/files', Buffer.alloc(2_900_000));
      expect(status).toBe(201);
      kept.push(textAt(body, 'url'));
    }
    const refused = await send('POST', '/files', '', { 'upload-complete': '?0', 'upload-length': '2900000' });
    expect([refused.status, reasonOf(refused)]).toEqual([429, 'QUOTA_EXCEEDED']);
    await Promise.all(kept.map((file) => fetch(file, { method: 'DELETE' })));
    expect((await send('POST', '/files?name=after', 'x')).status).toBe(201);
  });
});

const part = (offset: number, complete: boolean) => ({
  'content-type': 'application/partial-upload',
  'upload-offset': String(offset),
  'upload-complete': complete ? '?1' : '?0',
});

describe('an upload in parts', () => {
  it('counts into what the caller may store what comes at the same time', async () => {
    const sent = Array.from({ length: 12 }, () => send('POST', '/files?name=at-once', Buffer.alloc(2_900_000)));
    const answers = await Promise.all(sent);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(refused.map((answer) => [answer.status, reasonOf(answer)])).toEqual(
      Array.from({ length: 6 }, () => [429, 'QUOTA_EXCEEDED']),
    );
    const kept = answers.flatMap((answer) => (answer.status === 201 ? [textAt(answer.body, 'url')] : []));
    await Promise.all(kept.map((file) => fetch(file, { method: 'DELETE' })));
  });

  it('counts what comes by and by into what the caller may store', async () => {
    const begun = await Promise.all(
      Array.from({ length: 9 }, () => send('POST', '/files?name=slow', '', { 'upload-complete': '?0' })),
    );
    const uploads = begun.map(({ headers }) => headers.get('location') ?? '');
    const answers: Sent[] = [];
    for (const upload of uploads) answers.push(await send('PATCH', upload, Buffer.alloc(2_900_000), part(0, false)));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.map((answer) => [answer.status, reasonOf(answer)])).toEqual([
      [429, 'QUOTA_EXCEEDED'],
      [429, 'QUOTA_EXCEEDED'],
      [429, 'QUOTA_EXCEEDED'],
    ]);
    // What was stored before can be continued when there is room.
    const [first = '', second = ''] = uploads;
    expect((await fetch(first, { method: 'DELETE' })).status).toBe(204);
    expect((await send('PATCH', second, Buffer.alloc(1_000), part(2_900_000, true))).status).toBe(201);
    await Promise.all(uploads.map((upload) => fetch(upload, { method: 'DELETE' })));
  });

  it('is no file before its end, and the same file then', async () => {
    const begun = await send('POST', '/files?name=parts', picture.subarray(0, 600_000), {
      'upload-complete': '?0',
      'upload-length': String(picture.length),
    });
    expect([begun.status, begun.headers.get('upload-offset')]).toEqual([201, '600000']);
    expect(begun.body).toMatchObject({ complete: false, bytes: 600_000, sha256: null, expiresAt: expect.any(String) });
    const file = begun.headers.get('location') ?? '';
    expect((await fetch(file)).status).toBe(404);
    const { body } = await call('GET', `${url}/files?sessionId=${textAt(begun.body, 'sessionId')}`);
    expect(at(body, 'files')).toEqual([]);
    const wrong = await send('PATCH', file, picture.subarray(500_000), part(500_000, true));
    expect([
      wrong.status,
      reasonOf(wrong),
      wrong.headers.get('upload-offset'),
      wrong.headers.get('upload-complete'),
    ]).toEqual([409, 'UPLOAD_MISMATCH', '600000', '?0']);
    const short = await send('PATCH', file, 'short', part(600_000, true));
    expect([short.status, fieldOf(short)]).toEqual([400, 'body']);
    const more = await send('PATCH', file, picture.subarray(600_000, 600_001), part(600_000, false));
    expect([more.status, more.headers.get('upload-offset')]).toEqual([200, '600001']);
    const done = await send('PATCH', file, picture.subarray(600_001), part(600_001, true));
    expect([done.status, at(done.body, 'sha256')]).toEqual([201, sha256(picture)]);
    expect((await bytesOf(await fetch(file))).equals(picture)).toBe(true);
  });

  it.each([
    ['no offset', { 'content-type': 'application/partial-upload', 'upload-complete': '?1' }, 400, 'Upload-Offset'],
    ['no end', { 'content-type': 'application/partial-upload', 'upload-offset': '1' }, 400, 'Upload-Complete'],
    ['another type', { ...part(1, true), 'content-type': 'text/plain' }, 415, 'Content-Type'],
  ])('takes no part with %s', async (_what, headers, status, field) => {
    const { headers: begun } = await send('POST', '/files', '1', { 'upload-complete': '?0' });
    const sent = await send('PATCH', begun.get('location') ?? '', '2', headers);
    expect([sent.status, fieldOf(sent)]).toEqual([status, field]);
  });

  it('keeps the length that is announced with any of them, and takes no other', async () => {
    const { headers: begun } = await send('POST', '/files', 'begin', { 'upload-complete': '?0' });
    const file = begun.get('location') ?? '';
    const add = (content: string, offset: number, complete: boolean, length?: number) =>
      send('PATCH', file, content, {
        ...part(offset, complete),
        ...(length === undefined ? {} : { 'upload-length': String(length) }),
      });
    const tooLittle = await add('', 5, false, 4);
    expect([tooLittle.status, fieldOf(tooLittle)]).toEqual([400, 'Upload-Length']);
    expect((await add('ning', 5, false, 20)).status).toBe(200);
    const lengthOf = async () => (await fetch(file, { method: 'HEAD' })).headers.get('upload-length');
    expect(await lengthOf()).toBe('20');
    for (const refused of [
      await add('', 9, false, 21),
      await add('short', 9, true),
      await add('x'.repeat(12), 9, false),
    ])
      expect([refused.status, fieldOf(refused)]).toEqual([400, 'body']);
    expect(await lengthOf()).toBe('20');
    const done = await add(' and an end', 9, true);
    expect([done.status, at(done.body, 'bytes')]).toEqual([201, 20]);
  });

  it('that breaks off is continued where the server says', async () => {
    const half = picture.subarray(0, 700_000);
    const sessionId = randomUUID();
    const told = await new Promise<string>((resolve) => {
      const client = httpRequest(`${url}/files?sessionId=${sessionId}`, {
        method: 'POST',
        headers: { 'content-length': picture.length, 'upload-complete': '?1' },
      });
      client.on('error', () => undefined);
      client.on('information', ({ statusCode, headers }) => {
        if (statusCode !== 104) return;
        client.write(half, () => client.destroy());
        resolve(String(headers['location']));
      });
      client.flushHeaders();
    });
    const offset = await until(
      async () => {
        const head = await fetch(told, { method: 'HEAD' });
        expect([head.status, head.headers.get('upload-complete')]).toEqual([204, '?0']);
        const stored = Number(head.headers.get('upload-offset'));
        return stored === half.length && stored;
      },
      { what: 'all that was sent to be stored' },
    );
    const { body } = await call('GET', `${url}/files?sessionId=${sessionId}&complete=false`);
    expect(at(body, 'files', 0)).toMatchObject({ url: told, bytes: half.length, complete: false });
    const done = await send('PATCH', told, picture.subarray(offset), part(offset, true));
    expect([done.status, at(done.body, 'sha256')]).toEqual([201, sha256(picture)]);
  });

  it('that is given up leaves nothing', async () => {
    const { headers } = await send('POST', '/files', 'begin', { 'upload-complete': '?0' });
    const file = headers.get('location') ?? '';
    expect((await fetch(file, { method: 'DELETE' })).status).toBe(204);
    expect((await fetch(file, { method: 'HEAD' })).status).toBe(404);
    const late = await send('PATCH', file, 'more', part(5, true));
    expect([late.status, reasonOf(late)]).toEqual([404, 'FILE_NOT_FOUND']);
  });

  it('that nobody continues expires', async () => {
    const { headers } = await send('POST', '/files', 'begin', { 'upload-complete': '?0' });
    const file = headers.get('location') ?? '';
    await rows(`UPDATE files SET touched_at = now() - interval '2 hours' WHERE id = $1`, [file.slice(-36)]);
    const gone = async () => (await fetch(file, { method: 'HEAD' })).status === 404;
    expect(await until(gone, { what: 'the upload to expire' })).toBe(true);
  });
});
