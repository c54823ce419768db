/** Every text of the console in English beside its German one, and which of the English ones stand on a page. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { languages } from '../../src/language.js';

const texts = new URL('../../src/texts/', import.meta.url);

export interface TextInBoth {
  /** `webhooks: webhookTexts.state.active` */
  readonly name: string;
  readonly english: unknown;
  readonly german: unknown;
}

/** The names of the files with texts in one of the languages; `texts` is the one that every page needs. */
export function filesIn(language: 'english' | 'german'): readonly string[] {
  const german = language === 'german';
  const own = readdirSync(fileURLToPath(german ? new URL('german/', texts) : texts)).filter((file) =>
    file.endsWith('.ts'),
  );
  return (german ? own : [...own, 'texts.ts']).map((file) => file.replace(/\.ts$/, '')).toSorted();
}

/** Texts, and functions that make some; what one language alone has is undefined in the other. */
export async function textsInBoth(): Promise<readonly TextInBoth[]> {
  const files = await Promise.all(filesIn('english').map(inBoth));
  return files.flat();
}

async function inBoth(file: string): Promise<readonly TextInBoth[]> {
  const english = await moduleOf(file === 'texts' ? new URL('../texts.ts', texts) : new URL(`${file}.ts`, texts));
  const { translation } = await moduleOf(new URL(`german/${file}.ts`, texts));
  const [only, ...others] = Object.keys(english);
  return others.length === 0 ? pairs(file, english[only ?? ''], translation) : pairs(file, english, translation);
}

async function moduleOf(url: URL): Promise<Readonly<Record<string, unknown>>> {
  return { ...((await import(url.href)) as object) };
}

function pairs(name: string, english: unknown, german: unknown): readonly TextInBoth[] {
  if (!isObject(english) || !isObject(german)) return [{ name, english, german }];
  const keys = new Set([...Object.keys(english), ...Object.keys(german)]);
  return [...keys].flatMap((key) => pairs(`${name}.${key}`, english[key], german[key]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** A text; of a function what it makes of `n`, or of `n` in words where it wants those; undefined where it wants neither. */
export function said(text: unknown, n: number): string | undefined {
  if (typeof text !== 'function') return typeof text === 'string' ? text : undefined;
  for (const given of [n, String(n)]) {
    try {
      return String(Reflect.apply(text, undefined, [given, given, given]));
    } catch {
      // It wants something else.
    }
  }
  return undefined;
}

/** Patterns of the English texts that read otherwise in German. What stands for a number or a name may be anything. */
export async function englishPatterns(): Promise<readonly string[]> {
  const all = await textsInBoth();
  const patterns = all.flatMap(({ english, german }) =>
    [1, 2].flatMap((n) => {
      const text = said(english, n);
      if (text === undefined || text === said(german, n) || !/\p{L}{3}/u.test(text)) return [];
      const escaped = text.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
      return typeof english === 'function' ? escaped.replaceAll(String(n), '.+') : escaped;
    }),
  );
  // The names of the languages are the same in all of them.
  const german = new Set([
    ...Object.values(languages),
    ...all.flatMap((one) => [said(one.german, 1), said(one.german, 2)]),
  ]);
  return [...new Set(patterns)].filter((pattern) => !german.has(pattern));
}

/** What people see and hear on the page: texts, labels, titles and placeholders. */
const shown = `[
  document.title,
  ...[...document.querySelectorAll('*')].flatMap((element) =>
    ['aria-label', 'aria-roledescription', 'title', 'placeholder', 'alt'].map((name) => element.getAttribute(name))),
  ...(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) if (!/^(SCRIPT|STYLE)$/.test(walker.currentNode.parentElement?.tagName)) texts.push(walker.currentNode.data);
    return texts;
  })(),
].filter((text) => text !== null).map((text) => text.trim()).filter((text) => text !== '')`;

function shownOn(page: Page): Promise<readonly string[]> {
  return page.evaluate<readonly string[]>(shown);
}

/** What on the page is an English text of the console. */
export async function englishOn(page: Page): Promise<readonly string[]> {
  const pattern = new RegExp(`^(?:${(await englishPatterns()).join('|')})$`, 'u');
  return [...new Set(await shownOn(page))].filter((text) => pattern.test(text));
}
