/** What a person has written in a reply, without what their mail program has put around it. */

/** Stands at the top of every question: what is above it in a reply is new, whatever the language of the mail program. */
export const MARKER = 'Reply above this line';

/** What begins a signature (RFC 3676, section 4.3), or stands before what Outlook quotes. */
const SEPARATOR = /^(--|_{5,}|-{5,})$/;
const DASHES = '-----';
const SENT_FROM =
  /^(Sent (from|via) |Get Outlook for |Gesendet (mit|von) |Von meinem .* gesendet|Envoyé (de|depuis) )/i;
const MOST_LINES = 2_000;

/**
 * `from`: the address that the question came from. Mail programs introduce what they quote in their own words ("On … wrote:",
 * "Von: …"), and name it there.
 */
export function writtenText(text: string, from: string): string {
  const lines = text
    .replaceAll('\u00A0', ' ')
    .split(/\r?\n/, MOST_LINES)
    .map((line) => line.trimEnd());
  const marked = lines.findIndex((line) => line.includes(MARKER));
  const above = ownLines(marked < 0 ? lines : lines.slice(0, marked), from);
  // Whoever writes below what they quote has quoted the mark as well.
  return above === '' && isQuoted(lines[marked]) ? ownLines(lines.slice(marked), from) : above;
}

/** The lines before the first signature or quotation that something stands before; of a quotation on top, those behind it. */
function ownLines(lines: readonly string[], from: string): string {
  const own: string[] = [];
  let isIntroduced = false;
  for (const line of lines) {
    const introduces = introducesQuote(line, from);
    if (introduces && isDate(own.at(-1))) own.pop();
    isIntroduced = introduces || (isIntroduced && line !== '' && !isQuoted(line));
    const isOwn = !introduces && !isIntroduced && !isQuoted(line) && !isSeparator(line);
    if (isOwn) own.push(line);
    else if (!isQuoted(line) && own.some((one) => one !== '')) break;
  }
  const said = own.join('\n').trim().split('\n');
  if (said.length > 1 && SENT_FROM.test(said.at(-1) ?? '')) said.pop();
  return said.join('\n').trim();
}

/** "-----Original Message-----" is one as well. An expression with a row of dashes at both ends takes minutes for a long row. */
function isSeparator(line: string): boolean {
  return SEPARATOR.test(line) || (line.length > 2 * DASHES.length && line.startsWith(DASHES) && line.endsWith(DASHES));
}

/** "On Mon, 1 Mar 2027 at 10:00, Continuo <agents@example.com> wrote:", "From: Continuo <agents@example.com>", in any language. */
function introducesQuote(line: string, from: string): boolean {
  const at = line.toLowerCase().indexOf(from.toLowerCase());
  return at >= 0 && (/[<[(:]$/.test(line.slice(0, at)) || line.endsWith(':') || /^\*?\p{L}{2,12} ?:/u.test(line));
}

/** Where the line was too long, the date stands in the one before. */
function isDate(line: string | undefined): boolean {
  return line !== undefined && /\d{1,2}[:.]\d{2}|\b\d{4}\b/.test(line);
}

function isQuoted(line: string | undefined): boolean {
  return line?.startsWith('>') === true;
}
