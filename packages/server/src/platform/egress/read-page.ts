/** Reads a web page that a caller names, as text: where egress allows it, for so long, and so much of it. */
import { ContinuoError, messageOf } from '@continuo/agent/internal/platform/errors.js';
import { storable } from '@continuo/agent/internal/platform/storable.js';
import { startOf } from '@continuo/agent/internal/platform/text.js';
import { EgressRefused, type Egress } from './egress.js';
import { pageText, type ReadPage } from './page-text.js';

const READ_MS = 10_000;
const MOST_BYTES = 2 * 1024 ** 2;
const MOST_CHARACTERS = 20_000;
const MOST_OF_A_LINE = 500;

export interface WebPage extends ReadPage {
  /** Where it was read, behind what redirected. */
  readonly url: string;
  /** There is more of it. */
  readonly truncated: boolean;
}

/**
 * The first 20,000 characters of the text of an HTML or plain text page, of its first 2 MiB, within ten seconds; it can be
 * said to an agent as it is. Throws INVALID_ARGUMENT, which says why the page can't be read.
 */
export async function readPage(
  url: string,
  egress: Pick<Egress, 'check' | 'fetch'>,
  mostMs = READ_MS,
): Promise<WebPage> {
  egress.check(url, 'url');
  const signal = AbortSignal.timeout(mostMs);
  try {
    const response = await egress.fetch(url, { headers: { accept: 'text/html, text/plain;q=0.9' }, signal });
    const type = typeOf(response);
    if (!response.ok || type === undefined) {
      await response.body?.cancel();
      if (!response.ok) throw unreadable(`the page answers with HTTP ${response.status}`);
      const given = response.headers.get('content-type') ?? 'of no type';
      throw unreadable(`the page is ${startOf(given, 100)}, and only text/html and text/plain are read`);
    }
    const { bytes, whole } = await firstBytes(response);
    const content = decoderOf(response).decode(bytes);
    const { title, description, text } =
      type === 'text/html' ? pageText(content) : { title: '', description: '', text: content.trim() };
    return storable({
      url: response.url || url,
      title: startOf(title, MOST_OF_A_LINE),
      description: startOf(description, MOST_OF_A_LINE),
      text: startOf(text, MOST_CHARACTERS),
      truncated: !whole || text.length > MOST_CHARACTERS,
    });
  } catch (error) {
    if (error instanceof ContinuoError) throw error;
    if (signal.aborted) throw unreadable(`the page didn't come within ${mostMs / 1_000} s`);
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    if (cause instanceof EgressRefused) throw unreadable(cause.message);
    throw unreadable(`the page can't be reached: ${startOf(messageOf(cause), MOST_OF_A_LINE)}`);
  }
}

function unreadable(reason: string): ContinuoError {
  return new ContinuoError('INVALID_ARGUMENT', `url: ${reason}`, {
    field: 'url',
    expected: 'the address of a page that can be read',
  });
}

function typeOf({ headers }: Response): 'text/html' | 'text/plain' | undefined {
  const [type = ''] = (headers.get('content-type') ?? '').split(';');
  const name = type.trim().toLowerCase();
  return name === 'text/html' || name === 'text/plain' ? name : undefined;
}

/** As the answer says; what it calls by no known name is read as UTF-8. */
function decoderOf({ headers }: Response) {
  const [, charset = 'utf-8'] = /charset\s*=\s*"?([\w:.-]+)/i.exec(headers.get('content-type') ?? '') ?? [];
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

async function firstBytes({ body }: Response): Promise<{ readonly bytes: Buffer; readonly whole: boolean }> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    // What is left of it is not waited for: leaving the loop cancels it.
    if (size >= MOST_BYTES) return { bytes: Buffer.concat(chunks).subarray(0, MOST_BYTES), whole: false };
  }
  return { bytes: Buffer.concat(chunks), whole: true };
}
