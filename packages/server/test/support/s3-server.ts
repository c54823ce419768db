/** A local S3 with one bucket, behind a way that can be closed, fall silent, or answer that it is too busy. */
import { readdir, rm } from 'node:fs/promises';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import S3rver from '@20minutes/s3rver';
import { onLoopback } from './on-loopback.js';
import { afterThisTest } from './outcome.js';
import { makeTemporaryDirectory } from './temporary-directory.js';

const BUCKET = 'continuo-files';
const UPLOADS = '._S3rver_uploads';

/** `refusing`: connections are closed at once; `silent`: nothing is answered; `busy`: 503; `lossy`: answers about uploads that were put together are lost. */
type Mood = 'well' | 'refusing' | 'silent' | 'busy' | 'lossy';

export interface S3Server {
  /** For CONTINUO_FILES. */
  readonly files: string;
  /** What the AWS SDK looks for. */
  readonly env: Readonly<Record<string, string>>;
  become(mood: Mood): void;
  /** Requests that came, `PUT /bucket/key`, with their parameters. */
  readonly requests: readonly string[];
  /** The names of all objects. */
  objects(): Promise<readonly string[]>;
  /** Ids of uploads in parts that are not finished. */
  uploads(): Promise<readonly string[]>;
}

export async function startS3Server(): Promise<S3Server> {
  const directory = await makeTemporaryDirectory('s3');
  const store = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    vhostBuckets: false,
    configureBuckets: [{ name: BUCKET }],
  });
  const { port } = await store.run();
  const requests: string[] = [];
  let mood: Mood = 'well';
  const names = (path: string): Promise<readonly string[]> =>
    readdir(path, { recursive: true }).catch((): readonly string[] => []);
  const uploadsIn = join(directory, BUCKET, UPLOADS);

  /** s3rver doesn't know how to give an upload up. */
  const abort = async (uploadId: string, response: ServerResponse): Promise<void> => {
    await rm(join(uploadsIn, uploadId), { recursive: true, force: true });
    response.writeHead(204).end();
  };
  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    const { method, url: path, headers } = request;
    const onward = httpRequest({ host: '127.0.0.1', port, method, path, headers, agent: false }, (answer) => {
      if (isPutTogether(request) && answer.statusCode === 200) {
        putTogether.add(path);
        if (mood === 'lossy') {
          answer.resume().on('end', () => request.socket.destroy());
          return;
        }
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  };

  /** s3rver answers 500 for an upload that there isn't any more. */
  const putTogether = new Set<string | undefined>();

  const front = createServer((request, response) => {
    const { method = '', url = '/' } = request;
    requests.push(`${method} ${url}`);
    if (mood === 'refusing') request.socket.destroy();
    if (mood === 'busy') response.writeHead(503, { 'content-type': 'application/xml' }).end(SLOW_DOWN);
    if (mood !== 'well' && mood !== 'lossy') return;
    const uploadId = new URL(url, 'http://s3.invalid').searchParams.get('uploadId');
    if (putTogether.has(url)) response.writeHead(404, { 'content-type': 'application/xml' }).end(NO_SUCH_UPLOAD);
    else if (method === 'DELETE' && uploadId !== null) void abort(uploadId, response);
    else pass(request, response);
  });
  afterThisTest(async () => {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  });
  const endpoint = encodeURIComponent(await onLoopback(front));
  return {
    files: `s3://${BUCKET}/tests?endpoint=${endpoint}&region=eu-west-1&forcePathStyle=true`,
    env: { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' },
    become: (next) => {
      mood = next;
      if (next !== 'well' && next !== 'lossy') front.closeAllConnections();
    },
    requests,
    objects: async () =>
      (await names(join(directory, BUCKET)))
        .filter((name) => name.endsWith('._S3rver_object'))
        .map((name) => name.replace('._S3rver_object', '')),
    uploads: async () => (await names(uploadsIn)).filter((name) => !name.includes('/')),
  };
}

const SLOW_DOWN =
  '<?xml version="1.0"?><Error><Code>SlowDown</Code><Message>Please reduce your rate.</Message></Error>';
const NO_SUCH_UPLOAD =
  '<?xml version="1.0"?><Error><Code>NoSuchUpload</Code><Message>The upload does not exist.</Message></Error>';

function isPutTogether({ method, url = '/' }: IncomingMessage): boolean {
  return method === 'POST' && new URL(url, 'http://s3.invalid').searchParams.has('uploadId');
}
