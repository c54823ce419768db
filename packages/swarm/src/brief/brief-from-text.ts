/** Reads a brief that is written as text: JSON, lines such as "Audience: students", or plain sentences. */
import { channelNamed, channelsIn } from '../channels/channels.js';

/** The labels that lines may begin with, in lower case without spaces, and the fields that they mean. */
const labels: ReadonlyMap<string, string> = new Map(
  Object.entries({
    product: 'product',
    audience: 'audience',
    targetaudience: 'audience',
    goal: 'goal',
    objective: 'goal',
    channels: 'channels',
    channel: 'channels',
    tone: 'tone',
    voice: 'tone',
    language: 'language',
    budget: 'budget',
    startdate: 'startDate',
    start: 'startDate',
    approval: 'approval',
    url: 'url',
    website: 'url',
    claims: 'claims',
    disclosures: 'disclosures',
    keywords: 'keywords',
    competitors: 'competitors',
  }),
);

const LABEL = /^[\s*#-]*([A-Za-z][A-Za-z ]{1,20}?)\**\s*:\**/;

/** For whom and what for, where a text doesn't say it. */
const UNSAID = { audience: 'the people whom the brief describes', goal: 'make the product known' };

/** What the text says of the fields of a brief, unchecked; what it leaves open is guessed from its sentences. */
export function briefFromText(text: string): Readonly<Record<string, unknown>> {
  const guessed = guessedFrom(text);
  const open = Object.keys(guessed).length === 0 ? {} : UNSAID;
  return asJson(text) ?? { ...open, ...guessed, ...labelled(text) };
}

/** The same, without what it doesn't say at all: for people, who fill in the rest. */
export function fieldsSaidIn(text: string): Readonly<Record<string, unknown>> {
  return asJson(text) ?? { ...guessedFrom(text), ...labelled(text) };
}

/** Only what stands behind a label. */
export function labelled(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const line of text.split('\n')) {
    const [before = '', label = ''] = LABEL.exec(line) ?? [];
    const field = labels.get(label.toLowerCase().replaceAll(' ', ''));
    const value = line.slice(before.length).trim();
    if (field !== undefined && value !== '') found[field] ??= value;
  }
  return found;
}

function guessedFrom(text: string): Readonly<Record<string, unknown>> {
  const plain = text
    .split('\n')
    .filter((line) => !isLabelled(line))
    .join('\n')
    .trim();
  if (plain === '') return {};
  const [, budget] =
    /\bbudget\s+(?:(?:of|is|:)\s*)?((?:[A-Z]{3}|[€$£])?\s?\d[\d.,]*\s?(?:[A-Z]{3}|[€$£])?)/i.exec(plain) ?? [];
  const [url] = /https?:\/\/[^\s)"'<>]*[^\s)"'<>.,;:!?]/.exec(plain) ?? [];
  const [startDate] = /\b\d{4}-\d{2}-\d{2}\b/.exec(plain) ?? [];
  const [, audience] =
    /\b(?:aimed at|targeting|target audience is|audience is|for|to)\s+((?!win\b|get\b|launch\b|our\b|my\b|the new\b)[^.,;:\n]{3,80})/i.exec(
      plain,
    ) ?? [];
  const [, goal] = /\b(?:goal is|aim is|we want|in order to|so that)\s+([^.;\n]{3,120})/i.exec(plain) ?? [];
  const channels = channelsIn(plain);
  return {
    product: { name: nameIn(plain), description: plain },
    ...(audience === undefined ? {} : { audience: audience.trim() }),
    ...(goal === undefined ? {} : { goal: goal.trim() }),
    ...(channels.length === 0 ? {} : { channels }),
    ...(budget === undefined ? {} : { budget: budget.trim().replace(/[.,]$/, '') }),
    ...(startDate === undefined ? {} : { startDate }),
    ...(url === undefined ? {} : { url }),
  };
}

/** A name in quotes or capitals, as far as the text has one; what it is "for our" or "about"; else its first words. */
function nameIn(text: string): string {
  const [, quoted] = /["“„»]([^"”“«]{2,60})["”“«]/.exec(text) ?? [];
  if (quoted !== undefined) return quoted;
  const [first = text] = text.split(/[.\n]/);
  const inCapitals = [...first.matchAll(/(?<=[\p{Ll}\p{N}]\s)\p{Lu}[\p{L}\p{N}]+(?:\s+[\p{Lu}\p{N}][\p{L}\p{N}]*)*/gu)];
  const named = inCapitals.map(([name]) => name).find((name) => channelNamed(name) === undefined);
  const [, ours] = /\b(?:for|of|about)\s+(?:our|my|the|a|an)\s+([^,;:]{2,60})/i.exec(first) ?? [];
  const [, subject] = /\babout\s+([^,;:]{2,60})/i.exec(first) ?? [];
  return (named ?? ours ?? subject ?? first.split(/[,:;]/)[0] ?? first).trim().replace(/^(.{80}).*$/su, '$1');
}

function isLabelled(line: string): boolean {
  return Object.keys(labelled(line)).length > 0;
}

function asJson(text: string): Readonly<Record<string, unknown>> | undefined {
  const [, fenced] = /^```(?:json)?\s*(\{.*\})\s*```$/s.exec(text.trim()) ?? [];
  try {
    const value: unknown = JSON.parse(fenced ?? text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
