/** The words of a message or a card that say what it is about. */

/** Words that say nothing about it; and what is left of "it's", "don't", "we'll". */
const idle = new Set(
  (
    'a about after again all also am an and another any are as ask at be because been before being best better between ' +
    'both but by can come could d did different do does doing done each else ever every everything few find first for ' +
    'from get gets give go going good got great had has have having he hello help helps her here hey hi him his how i ' +
    'if in into is it its just keep know last less let like ll long look lot m made make makes making many may me might ' +
    'more most much must my myself need needs never new next no nothing now of off ok okay on once one only or other ' +
    'our out over own per please put quick quickly rather re really right s same say see set shall she should show ' +
    'simple since small so some somebody someone something sometimes still such sure t take tell than thank thanks that ' +
    'the their them then there these they thing things think this those through to today too try two under until up ' +
    'us use using ve very via want wants was way we well were what when where whether which while who whom whose why ' +
    'will with within without work works would yes yet you your yours'
  ).split(' '),
);

/** In lower case, in the order in which they come. */
export function tokenize(text: string): string[] {
  return allWords(text).filter((word) => !idle.has(word));
}

/** With those that say nothing. */
export function allWords(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

const ENDINGS = new Set(['s', 'es', 'd', 'ed']);
/** Shorter words are others when a letter changes. */
const LONG = 6;

/** "refund" and "refunds", and "camapign" for "campaign"; "market" is not "marketing", nor "file" a "profile". */
export function isSameWord(a: string, b: string): boolean {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a];
  if (long.startsWith(short)) return short === long || (short.length > 2 && ENDINGS.has(long.slice(short.length)));
  if (short.endsWith('y') && long === `${short.slice(0, -1)}ies`) return true;
  return short.length >= LONG && differByOne(short, long);
}

/** One letter more, one other, or two that changed places. */
function differByOne(short: string, long: string): boolean {
  let begin = 0;
  while (begin < short.length && short[begin] === long[begin]) begin += 1;
  const [left, right] = [short.slice(begin), long.slice(begin)];
  if (long.length > short.length) return left === right.slice(1);
  const swapped = `${left[1] ?? ''}${left[0] ?? ''}${left.slice(2)}`;
  return left.slice(1) === right.slice(1) || swapped === right;
}
