/** What a piece may not say: claims that nothing supports, and what it must say: disclosures. */
import { wordsOf, type Brief } from '../brief/brief.js';
import type { Finding, Piece } from '../campaign/piece.js';
import { sentencesOf } from '../channels/cut.js';
import { textsOf } from '../channels/shape.js';

/** Words that promise more than can be shown, unless the brief says the same. English and German. */
const SUPERLATIVES = new RegExp(
  String.raw`(?<!\p{L})(the (?:best|only|first|fastest|cheapest|safest|easiest|strongest|lightest|most \p{L}+)|best(?: in class|-in-class)|number one|no\. ?1|#1|world[- ]class|leading|unbeatable|unrivall?ed|revolutionary|guaranteed?|risk[- ]free|100 ?% safe|clinically proven|scientifically proven|proven|miracle|cures?|never fails|(?:der|die|das|den|dem) (?:beste|einzige|erste|schnellste|günstigste|sicherste)n?|führende[nrs]?|garantiert|einzigartig\p{L}*|revolutionär\p{L}*|wissenschaftlich bewiesen)(?!\p{L})`,
  'giu',
);

/** Numbers with what makes them a claim; small counts ("three ways", "2 steps") are none. */
const NUMBER =
  /(?<![\p{L}\p{N}#@/.,-])([€$£]\s?)?(\d+(?:[.,]\d+)*)(\s?(?:%|percent\b|prozent\b|x\b|×|times\b|mal\b|EUR\b|USD\b|€|\$|£|million\b|billion\b|k\b|[\p{L}°]+)?)/giu;
const COUNTS_AS_SMALL = 10;
/** Units that make even a small number a claim. */
const UNITS =
  /^\s?(%|percent|prozent|x|×|times|mal|EUR|USD|€|\$|£|million|billion|k|seconds?|minutes?|hours?|days?|weeks?|months?|years?|grams?|g|kg|ml|l|litres?|liters?|watts?|w|kwh|km|°c?|star|stars)$/i;

const UNSUBSCRIBE = /unsubscribe|opt out|abmelden|abbestellen|désabonner|darse de baja/i;

/** Subjects that the law wants a warning with: what the brief is about, and what has to be there. */
const REQUIRED: readonly { readonly about: RegExp; readonly has: RegExp; readonly say: string }[] = [
  {
    about: /\b(invest(?:ment|ing|or)s?|trading|crypto\w*|stocks?|securities)\b/i,
    has: /\b(capital|money|investment).{0,40}\b(risk|lose|loss)/i,
    say: 'Investing puts your capital at risk.',
  },
  {
    about: /\b(supplements?|weight[- ]loss|medical|medicine|therapy|symptoms?)\b/i,
    has: /\b(not (?:intended|a substitute)|medical advice|consult (?:a|your) (?:doctor|physician))/i,
    say: 'This is not medical advice; ask your doctor.',
  },
  {
    about: /\b(sponsored|affiliate|paid partnership|influencers?)\b/i,
    has: /(#ad\b|#sponsored\b|\bsponsored\b|\badvertisement\b|\banzeige\b|\bpaid partnership\b)/i,
    say: '#ad',
  },
];

/** `supported`: further statements with a source, beside the brief's own words. */
export function complianceFindings(brief: Brief, piece: Piece, supported: readonly string[] = []): readonly Finding[] {
  const basis = [wordsOf(brief), ...supported].join('\n');
  return [...claimFindings(piece, basis), ...disclosureFindings(brief, piece)];
}

function claimFindings(piece: Piece, basis: string): readonly Finding[] {
  const known = new Set(numbersIn(basis).map(({ value }) => value));
  const lowerBasis = basis.toLowerCase();
  return textsOf(piece.content).flatMap(({ text }) =>
    text.split('\n').flatMap((line) =>
      sentencesOf(withoutLinks(line)).flatMap((sentence) => {
        const numbers = numbersIn(sentence).filter(({ value, claims }) => claims && !known.has(value));
        const praise = (sentence.match(SUPERLATIVES) ?? []).filter((word) => !lowerBasis.includes(word.toLowerCase()));
        const found = [...numbers.map(({ said }) => said), ...praise];
        if (found.length === 0) return [];
        const quote = sentence.trim();
        return [{ note: `Unsupported claim: nothing in the brief says "${found.join('", "')}".`, quote }];
      }),
    ),
  );
}

function disclosureFindings(brief: Brief, piece: Piece): readonly Finding[] {
  const texts = textsOf(piece.content).map(({ text }) => text);
  const words = texts.join('\n');
  const missing: Finding[] = [];
  if (piece.channel === 'email-sequence') {
    const bodies = textsOf(piece.content).filter(({ path }) => path.endsWith('.body'));
    if (bodies.some(({ text }) => !UNSUBSCRIBE.test(text))) {
      missing.push(disclosure('every email needs a way to unsubscribe', 'Unsubscribe: {{unsubscribe_link}}'));
    }
  }
  // Search ads have no room for them; they stand on the page that the ad leads to.
  if (piece.channel === 'ad-copy') return missing;
  for (const wanted of brief.disclosures) {
    if (!words.includes(wanted)) missing.push(disclosure(`the brief wants "${wanted}"`, wanted));
  }
  const about = wordsOf(brief);
  for (const rule of REQUIRED) {
    if (rule.about.test(about) && !rule.has.test(words))
      missing.push(disclosure(`it needs words such as "${rule.say}"`, rule.say));
  }
  return missing;
}

function disclosure(note: string, add: string): Finding {
  return { note: `Missing disclosure: ${note}.`, add };
}

interface Figure {
  /** Without separators and signs: `1500.5`. */
  readonly value: string;
  readonly said: string;
  readonly claims: boolean;
}

function numbersIn(text: string): readonly Figure[] {
  return [...text.matchAll(NUMBER)].map(([said, currency = '', digits = '', unit = '']) => {
    const value = plainNumber(digits);
    const measured = currency !== '' || UNITS.test(unit);
    return { value, said: (measured ? said : digits).trim(), claims: measured || Number(value) > COUNTS_AS_SMALL };
  });
}

/** "1,500" and "1.500" are the same number; so are "0.5" and "0,5". */
function plainNumber(digits: string): string {
  const plain = digits.replaceAll(/[.,](?=\d{3}(?:\D|$))/g, '').replace(',', '.');
  return String(Number(plain));
}

function withoutLinks(line: string): string {
  return line.replaceAll(/https?:\/\/\S+/g, '');
}
