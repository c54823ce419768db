/** Tells what people put below an answer, a closing and a name, from words that change what the answer means. */

/** Words that a closing may begin with and can't be of: "Many problems" is none. */
const LEADING = setOf(
  'with kind kindest best warm warmest many all the mit freundlichen freundlichem besten beste viele vielen liebe lieben herzliche herzlichen herzlichem schöne schönen und and',
);
/** What makes a closing of a line. */
const CORE = setOf(
  'regards wishes thanks thank thx cheers sincerely best gruß gruss grüße grüsse gruesse grüßen grüssen danke dank vg lg mfg bg hg',
);
const TRAILING = setOf('you yours truly faithfully again advance in so much very a lot im voraus schön sehr');
/** What is no name wherever it stands, and turns a yes into something else. */
const TURNING = setOf(
  `no nope not never but except if only unless until wait stop hold cancel later after before once when while however though
  although pending first tomorrow tonight today next maybe perhaps please don't reject deny refuse decline without instead
  nein nicht nie kein keine aber außer ausser bis falls nur wenn sobald sofern erst später spaeter morgen heute übermorgen
  warte warten stopp halt abbrechen ablehnen nach vor ohne doch bitte vielleicht stattdessen`,
);
/** "Sent from my iPhone", and what other mail programs say of themselves. */
const SENT_FROM =
  /^(Sent (from|via) (my )?\p{L}+|Gesendet (von|mit) (meinem |der )?\p{L}+|Von meinem \p{L}+ gesendet)\b/u;
const LONGEST_LINE = 60;
const MOST_NAMES = 3;

interface Signed {
  /** Of the sender and of whom the question went to: `Ann Example`, `ann.example@people.example`. */
  readonly names: readonly string[];
  /** What can be answered. None of it is a name, whoever is called that. */
  readonly answers: readonly string[];
}

/**
 * The first line of a text below which stands nothing but a closing and a name; otherwise the text as it is: "Yes" above
 * "but only the first", "No" or "Tomorrow" is no yes. A name counts behind a closing, or when it is one of `names`.
 */
export function withoutClosing(text: string, { names, answers }: Signed): string {
  const [first = '', ...rest] = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (rest.length > MOST_NAMES || rest.some((line) => line.length > LONGEST_LINE)) return text;
  const own = new Set(names.flatMap((name) => wordsOf(name.split('@')[0] ?? '')));
  const taken = setOf(answers.join(' '));
  const isName = (line: string): boolean => isWritten(line) && !wordsOf(line).some((word) => taken.has(word));
  const isOwn = (line: string): boolean => isName(line) && wordsOf(line).every((word) => own.has(word));
  let mayBeNamed = false;
  for (const line of rest) {
    if (wordsOf(line).some((word) => TURNING.has(word))) return text;
    if (SENT_FROM.test(line)) continue;
    const closing = closingIn(line);
    if (closing === undefined) {
      // One name, and nothing that only looks like one below it.
      if (!isOwn(line) && !(mayBeNamed && isName(line) && isCapitalised(line))) return text;
      mayBeNamed = false;
      continue;
    }
    const { behind, isApart } = closing;
    if (behind !== '' && !isOwn(behind) && !(isApart && isName(behind) && isCapitalised(behind))) return text;
    mayBeNamed = behind === '';
  }
  return first;
}

/** Undefined for a line that doesn't begin with a closing. `isApart`: a comma stands between the closing and what is behind. */
function closingIn(line: string): { readonly behind: string; readonly isApart: boolean } | undefined {
  const parts = line.split(/(?<=[,.!;:–-])\s*|\s+/u).filter((part) => part !== '');
  let end = 0;
  let hasCore = false;
  for (; end < parts.length; end += 1) {
    const word = wordsOf(parts[end] ?? '').join(' ');
    if (!(LEADING.has(word) && !hasCore) && !CORE.has(word) && !(TRAILING.has(word) && (hasCore || word === 'yours'))) {
      if (word !== '') break;
    }
    hasCore ||= CORE.has(word) || word === 'yours';
  }
  if (!hasCore) return undefined;
  const isApart = /[,.!;:–-]$/u.test(parts[end - 1] ?? '');
  return { behind: parts.slice(end).join(' '), isApart };
}

/** One to three words of letters. */
function isWritten(line: string): boolean {
  const count = wordsOf(line).length;
  return count > 0 && count <= MOST_NAMES && /^[\p{L}\s.,'’-]+$/u.test(line);
}

function isCapitalised(line: string): boolean {
  return line.split(/\s+/).every((word) => /^\p{Lu}/u.test(word));
}

/** In small letters. */
function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\d'’]+/gu) ?? [];
}

function setOf(words: string): ReadonlySet<string> {
  return new Set(
    words
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== ''),
  );
}
