/** What providers say when they refuse a prompt, in their many words: that it is too long, that a file in it is none for them, or who asks. */

/** Tokens, as far as the provider tells them. */
export interface PromptLength {
  /** What the model takes, less what it keeps for its answer. */
  readonly most?: number;
  /** What it was sent. */
  readonly sent?: number;
}

const tooLong = new RegExp(
  [
    /context[ _-]?(?:length|window|size|limit)/,
    /maximum (?:context|prompt|sequence) length/,
    /(?:prompt|input|request|context|conversation|messages?)\b.{0,40}\btoo (?:long|large|many tokens)/,
    /too many (?:input )?tokens/,
    /input (?:token count|length)\b.{0,60}\bexceed/,
    /reduce the length of the (?:messages|prompt|input)/,
    /tokens?\b.{0,40}\bmust be <=/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'i',
);

/** Of one field of the request. */
const ofAField = /string too long|array too long|pages|dimensions/i;

const NUMBER = String.raw`(\d[\d,_]*)`;
/** The number that is the limit, as it stands in the sentence. */
const limits = [
  `(?:max\\w*|limit|allowed|available)[^\\d>]{0,60}${NUMBER}`,
  `(?:>|<=)\\s*${NUMBER}`,
  `${NUMBER}(?: tokens?)? (?:max|context)`,
].map((source) => new RegExp(source, 'i'));
const forTheAnswer = new RegExp(`${NUMBER}[^\\d]{0,12}\\bin (?:the|your) completion`, 'i');

/** How long the prompt was, when that is what is said; undefined otherwise. */
export function tooLongIn(said: string): PromptLength | undefined {
  if (!tooLong.test(said) || ofAField.test(said)) return undefined;
  const limit = limits.map((pattern) => numberIn(pattern.exec(said))).find((found) => found !== undefined);
  if (limit === undefined) return {};
  const kept = numberIn(forTheAnswer.exec(said)) ?? 0;
  const larger = [...said.matchAll(new RegExp(NUMBER, 'g'))]
    .map((match) => numberIn(match) ?? 0)
    .filter((number) => number > limit);
  const sent = larger.length === 0 ? {} : { sent: Math.max(...larger) - kept };
  return { most: Math.max(1, limit - kept), ...sent };
}

function numberIn(match: RegExpMatchArray | RegExpExecArray | null): number | undefined {
  const number = Number(match?.[1]?.replaceAll(/[,_]/g, '') ?? Number.NaN);
  return Number.isSafeInteger(number) ? number : undefined;
}

const ofFiles = /\b(?:image|picture|audio|video|pdf|document|file|media|mime|multimodal|vision|attachment)/i;

/** Whether this status says that a file of the prompt is what the model can't take; of most refusals it can't be told. */
export function isAboutFiles(status: number, said: string): boolean {
  return (
    status === 415 || ([404, 500, 501].includes(status) && ofFiles.test(said) && /support|missing data/i.test(said))
  );
}

/** What came with a status that is a refusal. */
interface Refusal {
  readonly message: string;
  readonly responseBody?: string | undefined;
}

/** Whether it is the key that is refused; Google's say so with 400. */
export function isAboutKeys(status: number, { message, responseBody = '' }: Refusal): boolean {
  if (status === 401 || status === 403) return true;
  return (
    status === 400 && /\bAPI_KEY_INVALID\b|\bapi key (?:not valid|expired|not found)/i.test(message + responseBody)
  );
}

/** Whether nobody gets an answer before something is paid; not where it says that waiting helps. */
export function isAboutMoney(status: number, { message, responseBody = '' }: Refusal): boolean {
  if (status === 402) return true;
  return status === 400 && /\bbilling_error\b|\bcredit balance is too low\b/i.test(message + responseBody);
}
