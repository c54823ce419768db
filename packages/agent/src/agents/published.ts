/** What a task's artifacts hold, as far as it may be the task's answer as well. */
import { createHash, hash, type Hash } from 'node:crypto';
import type { Part } from '../sessions/message.js';
import type { Artifact } from '../tasks/task.js';

/** Characters of text in all artifacts that may be an answer as well; of data as JSON as many again. */
const MOST_ANSWER = 1024 ** 2;

/** The content of one artifact: its text in one, and the rest. */
class Content {
  /** Of the text that isn't kept. */
  #hash: Hash | undefined;
  #texts: string[] = [];
  #data: Part[] = [];
  readonly others: string[] = [];
  characters = 0;
  dataCharacters = 0;

  add(parts: readonly Part[]): void {
    for (const part of parts) {
      const { text, data } = part;
      if (text !== undefined) {
        this.characters += text.length;
        this.#texts.push(text);
        continue;
      }
      const essence = essenceOf(part);
      this.others.push(hash('sha1', essence, 'base64'));
      if (data === undefined) continue;
      this.dataCharacters += essence.length;
      this.#data.push({ data });
    }
  }

  letGoOfText(): void {
    this.#hash ??= createHash('sha1');
    for (const text of this.#texts) this.#hash.update(text, 'utf16le');
    this.#texts = [];
  }

  letGoOfData(): void {
    this.#data = [];
  }

  /** As far as it is kept. */
  get text(): string {
    return this.#texts.join('');
  }

  get data(): readonly Part[] {
    return this.#data;
  }

  /** In however many pieces the text comes. */
  equals(other: Content): boolean {
    if (this.characters !== other.characters || this.others.join() !== other.others.join()) return false;
    return this.#digest === other.#digest;
  }

  get #digest(): string {
    const begun = this.#hash?.copy() ?? createHash('sha1');
    return begun.update(this.text, 'utf16le').digest('base64');
  }
}

export class Published {
  readonly #contents = new Map<string, Content>();
  #characters = 0;
  #dataCharacters = 0;
  /** There was more than is kept of it. */
  #isLong = false;
  #hasMuchData = false;

  static of(artifacts: readonly Artifact[]): Published {
    const published = new Published();
    for (const { artifactId, parts } of artifacts) published.add(artifactId, parts, false);
    return published;
  }

  /** `append`: behind what the artifact held before, else in its place. */
  add(artifactId: string, parts: readonly Part[], append: boolean): void {
    const before = this.#contents.get(artifactId);
    const content = (append ? before : undefined) ?? new Content();
    this.#characters -= before?.characters ?? 0;
    this.#dataCharacters -= before?.dataCharacters ?? 0;
    content.add(parts);
    this.#characters += content.characters;
    this.#dataCharacters += content.dataCharacters;
    if (content !== before) this.#contents.delete(artifactId);
    this.#contents.set(artifactId, content);
    this.#letGo(content);
  }

  /** Of what is too much, however many artifacts it is in; `added`: of what went before it was, then. */
  #letGo(added: Content): void {
    if (this.#isLong) added.letGoOfText();
    else if (this.#characters > MOST_ANSWER) {
      this.#isLong = true;
      for (const content of this.#contents.values()) content.letGoOfText();
    }
    if (this.#hasMuchData) added.letGoOfData();
    else if (this.#dataCharacters > MOST_ANSWER) {
      this.#hasMuchData = true;
      for (const content of this.#contents.values()) content.letGoOfData();
    }
  }

  get isEmpty(): boolean {
    return this.#contents.size === 0;
  }

  /** Whether an artifact, or all of them together, hold just that. */
  holds(parts: readonly Part[]): boolean {
    const wanted = new Content();
    wanted.add(parts);
    const all = [...this.#contents.values()];
    if (all.some((content) => content.equals(wanted))) return true;
    const others = all.flatMap((content) => content.others);
    if (this.#isLong || others.join() !== wanted.others.join()) return false;
    return ['', '\n'].some((between) => textBetween(all, between) === wanted.text);
  }

  /** What they say in text and data: the answer of an agent that returns none. */
  get said(): readonly Part[] {
    const all = [...this.#contents.values()];
    const text = this.#isLong ? 'Done. The text is in the artifacts.' : textBetween(all, '');
    return [...(text === '' ? [] : [{ text }]), ...all.flatMap(({ data }) => data)];
  }
}

function textBetween(contents: readonly Content[], between: string): string {
  return contents
    .map(({ text }) => text)
    .filter((text) => text !== '')
    .join(between);
}

/** Of a part what makes it what it is: its content, whatever is said about that. */
export function essenceOf({ text, raw, url, data }: Part): string {
  return JSON.stringify([text, raw, url, data]);
}
