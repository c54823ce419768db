/** What a person reads of an HTML page: its words without marks, scripts and styles, in time that grows with its length alone. */

export interface ReadPage {
  /** Empty where it has none. */
  readonly title: string;
  /** The page's own summary for search engines; empty where it has none. */
  readonly description: string;
  readonly text: string;
}

/** What stands in them is for no reader. */
const unread = new Set(['script', 'style', 'noscript', 'template', 'svg', 'iframe', 'select', 'textarea']);
/** A line ends where they begin and end. */
const lines = new Set(
  'address article aside blockquote br caption dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr legend li main nav ol p pre section summary table td th tr ul'.split(
    ' ',
  ),
);
const entities: ReadonlyMap<string, string> = new Map(
  Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    nbsp: ' ',
    ndash: '–',
    mdash: '—',
    hellip: '…',
    rsquo: '’',
    lsquo: '‘',
    rdquo: '”',
    ldquo: '“',
    bdquo: '„',
    euro: '€',
    pound: '£',
    copy: '©',
    reg: '®',
    trade: '™',
    auml: 'ä',
    ouml: 'ö',
    uuml: 'ü',
    Auml: 'Ä',
    Ouml: 'Ö',
    Uuml: 'Ü',
    szlig: 'ß',
    eacute: 'é',
  }),
);
const MOST_OF_A_TAG = 4_096;
const MOST_CODE_POINT = 0x10ffff;

export function pageText(html: string): ReadPage {
  // Of the same length: where a tag ends is looked for in it.
  const lower = html.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
  const lastTitleEnd = lower.lastIndexOf('</title');
  const said: string[] = [];
  let title = '';
  let description = '';
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    said.push(html.slice(at, open === -1 ? html.length : open).replaceAll(/\s+/g, ' '));
    if (open === -1) break;
    if (html.startsWith('<!--', open)) {
      at = behind(lower, '-->', open);
      continue;
    }
    const [start, slash = '', name = ''] = /^<([/!?]?)([a-z][a-z0-9]*)/.exec(lower.slice(open, open + 32)) ?? [];
    if (start === undefined) {
      said.push('<');
      at = open + 1;
      continue;
    }
    at = behind(lower, '>', open);
    if (slash === '' && name === 'meta')
      description ||= descriptionIn(html.slice(open, Math.min(at, open + MOST_OF_A_TAG)));
    if (slash === '' && name === 'title' && title === '' && at <= lastTitleEnd) {
      const end = lower.indexOf('</title', at);
      title = plain(html.slice(at, end));
      at = end;
    } else if (slash === '' && unread.has(name)) {
      const end = lower.indexOf(`</${name}`, at);
      at = end === -1 ? html.length : end;
    } else if (name === 'body' && slash === '') said.length = 0;
    else if (lines.has(name)) said.push('\n');
  }
  return { title, description, text: inLines(decoded(said.join(''))) };
}

/** The place behind the next `mark`; the end where there is none. */
function behind(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found === -1 ? text.length : found + mark.length;
}

function descriptionIn(tag: string): string {
  if (!/\bname\s*=\s*["']?description\b/i.test(tag)) return '';
  const [, double, single] = /\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)')/i.exec(tag) ?? [];
  return plain(double ?? single ?? '');
}

function plain(text: string): string {
  return decoded(text).replaceAll(/\s+/g, ' ').trim();
}

function decoded(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#[xX]([\da-fA-F]{1,6})|([A-Za-z]{2,8}));/g, (whole, decimal, hex, name) => {
    if (name !== undefined) return entities.get(String(name)) ?? whole;
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    return code > 0 && code <= MOST_CODE_POINT ? String.fromCodePoint(code) : '';
  });
}

/** Without what only sets them apart: a line for each thing that is said. */
function inLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replaceAll(/\s+/g, ' ').trim())
    .filter((line) => line !== '')
    .join('\n');
}
