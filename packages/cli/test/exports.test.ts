/** Exports that break off leave what was there, and say why without a stack; so does what can't be written or read. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { httpServer } from '../../client/test/support/http-server.js';
import { captured } from './support/captured-run.js';

const STACK = /^ +at /m;
let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'continuo-exports-'));
  file = join(directory, 'good.json');
  writeFileSync(file, 'a good export');
});
afterEach(() => rmSync(directory, { recursive: true }));

const breaksOff: RequestListener = (_request, response) => {
  response.writeHead(200).write('{"half":', () => response.destroy());
};
const answers: RequestListener = (_request, response) => void response.writeHead(200).end('{"whole":true}');

const exporting = [
  ['sessions', 'export', '1'],
  ['audit', 'export'],
];

it.each(exporting)('%s %s leaves the file that was there when the answer breaks off', async (...words) => {
  const { code, stderr } = await captured([...words, '--output', file, '--url', await httpServer(breaksOff)]);
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/^error: The answer of .* broke off \(.*\)\. Try again\.\n$/),
  ]);
  expect([readFileSync(file, 'utf8'), readdirSync(directory)]).toEqual(['a good export', ['good.json']]);
});

it.each(exporting)('%s %s says on stdout, too, that it is not whole', async (...words) => {
  const { code, stderr } = await captured([...words, '--url', await httpServer(breaksOff)]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('broke off')]);
  expect(stderr).not.toMatch(STACK);
});

it('a whole one takes the place of what was there, also behind a link', async () => {
  const link = join(directory, 'link.json');
  symlinkSync(file, link);
  const url = await httpServer(answers);
  expect(await captured(['sessions', 'export', '1', '--output', link, '--url', url])).toMatchObject({ code: 0 });
  expect([readFileSync(file, 'utf8'), readdirSync(directory)]).toEqual(['{"whole":true}', ['good.json', 'link.json']]);
});

it('what is no file is written into', async () => {
  const url = await httpServer(answers);
  expect(await captured(['audit', 'export', '--output', '/dev/null', '--url', url])).toMatchObject({ code: 0 });
  expect(readFileSync('/dev/null', 'utf8')).toBe('');
});

it.each([
  [['audit', 'export', '--output', '/nope/x'], '--output /nope/x'],
  [['sessions', 'export', '1', '--output', tmpdir()], `--output ${tmpdir()}`],
  [['agents', 'connect', 'http://127.0.0.1:1', '--headers-file', '/nope/x'], '--headers-file /nope/x'],
])('%j says what is wrong with the file, without a stack', async (words, named) => {
  const { code, stderr } = await captured([...words, '--url', await httpServer(answers)]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(`${named} can't be `)]);
  expect(stderr).not.toMatch(STACK);
});
