/** Web pages that callers name, read as text: only where that is allowed, and only so much. */
import { createServer, type RequestListener } from 'node:http';
import { expect, test } from 'vitest';
import { Egress } from '../../src/platform/egress/egress.js';
import { pageText } from '../../src/platform/egress/page-text.js';
import { readPage } from '../../src/platform/egress/read-page.js';
import { onLoopback } from '../support/on-loopback.js';
import { afterThisTest } from '../support/outcome.js';

async function serve(listener: RequestListener): Promise<string> {
  return `${await onLoopback(createServer(listener))}/`;
}

function egress(local = true): Egress {
  const made = new Egress({ allow: [], local });
  afterThisTest(() => made.close());
  return made;
}

const answer =
  (type: string, body: string | Buffer, status = 200): RequestListener =>
  (_request, response) =>
    void response.writeHead(status, { 'content-type': type }).end(body);

test('a page is read without what is for no reader, a line for each thing that is said', async () => {
  const url = await serve(
    answer(
      'text/html; charset=utf-8',
      '<!doctype html><head><title>Aqua &amp; Co</title><META NAME="description" CONTENT="Cools water"><style>a{}</style></head>' +
        '<body><!-- <p>hidden</p> --><script>var a = "<p>no</p>";</script><h1>Aqua</h1><p>A <b>bottle</b>,\n 5&nbsp;&lt; 6 &#8364;</p><ul><li>One<li>Two</ul></body>',
    ),
  );
  expect(await readPage(url, egress())).toEqual({
    url,
    title: 'Aqua & Co',
    description: 'Cools water',
    text: 'Aqua\nA bottle, 5 < 6 €\nOne\nTwo',
    truncated: false,
  });
});

test('plain text is taken as it is, in the letters that it is written in', async () => {
  const url = await serve(answer('text/plain; charset=iso-8859-1', Buffer.from('Grüße', 'latin1')));
  expect(await readPage(url, egress())).toMatchObject({ text: 'Grüße', title: '' });
});

test('what no message can hold is replaced, and what is no entity stays as it is', async () => {
  const halves = '<title>&#xD83D;!</title>a&#xD800;b\0c &#55357; &toString; &constructor;';
  const html = await readPage(await serve(answer('text/html', halves)), egress());
  const given = { title: '\uFFFD!', text: 'a\uFFFDb\uFFFDc \uFFFD &toString; &constructor;' };
  expect(html).toMatchObject(given);
  const plain = await readPage(await serve(answer('text/plain', 'a\0b')), egress());
  expect(plain.text).toBe('a\uFFFDb');
});

test('a long page is cut', async () => {
  const url = await serve(answer('text/html', `<p>${'word '.repeat(1_000_000)}`));
  const { text, truncated } = await readPage(url, egress());
  expect(text).toHaveLength(20_000);
  expect(truncated).toBe(true);
});

const elsewhere: RequestListener = (_request, response) =>
  void response.writeHead(302, { location: 'http://10.0.0.1/' }).end();
const silent: RequestListener = () => undefined;

test.each([
  ['its status', answer('text/html', 'no', 503), /the page answers with HTTP 503/],
  ['its type', answer('application/pdf', 'x'), /the page is application\/pdf, and only text\/html and text\/plain/],
  ['where it leads', elsewhere, /10\.0\.0\.1 is not a public address/],
  ['that it does not come', silent, /the page didn't come within 0\.2 s/],
] as const)('a refusal names %s', async (_what, listener, message) => {
  await expect(readPage(await serve(listener), egress(), 200)).rejects.toThrow(message);
});

test('an address that must not be called is not called', async () => {
  let asked = 0;
  const url = await serve((_request, response) => {
    asked += 1;
    response.end();
  });
  await expect(readPage(url.replace('http:', 'https:'), egress(false))).rejects.toThrow(
    /127\.0\.0\.1 is not a public address/,
  );
  await expect(readPage('file:///etc/passwd', egress())).rejects.toThrow(/only http:\/\/ and https:\/\/ are called/);
  expect(asked).toBe(0);
});

test('titles that end nowhere are passed by, in time that their length bounds', () => {
  expect(pageText(`${'<title>'.repeat(250_000)}seen`)).toEqual({ title: '', description: '', text: 'seen' });
  const titles = `<title></title>${'<title> </title>'.repeat(100_000)}<title>Aqua</title>${'<title>'.repeat(100_000)}`;
  expect(pageText(titles)).toEqual({ title: 'Aqua', description: '', text: '' });
});

test('markup that ends nowhere is read to its end, in time that its length bounds', () => {
  const text = pageText(`seen ${'<script '.repeat(200_000)}${'<!-- '.repeat(100_000)}${'<'.repeat(100_000)}`).text;
  expect(text).toBe('seen');
});
