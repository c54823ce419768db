/** What a task's artifacts hold, as far as it may be the task's answer as well. */
import { createHash, hash, type Hash } from 'node:crypto';
import type { Part } from '../sessions/message.js';
import type { Artifact } from '../tasks/task.js';

/** Characters of artifacts that may be an answer as well. */
const MOST_ANSWER = 1024 ** 2;

/** The content of one artifact: its text in one, and the rest. */
class Content {
  /** Of a text that is too long to be kept. */
  #hash: Hash | undefined;
  #texts: string[] = [];
  #characters = 0;
  readonly #others: string[] = [];
  readonly #data: Part[] = [];

  add(parts: readonly Part[]): void {
    for (const part of parts) {
      const { text, data } = part;
      if (text === undefined) {
        this.#others.push(essenceOf(part));
        if (data !== undefined) this.#data.push({ data });
        continue;
      }
      this.#characters += text.length;
      this.#texts.push(text);
      if (this.#characters > MOST_ANSWER) this.#letGo();
    }
  }

  #letGo(): void {
    this.#hash ??= createHash('sha1');
    for (const text of this.#texts) this.#hash.update(text);
    this.#texts = [];
  }

  get characters(): number {
    return this.#characters;
  }

  /** Empty for a text that is too long. */
  get text(): string {
    return this.#texts.join('');
  }

  get data(): readonly Part[] {
    return this.#data;
  }

  get others(): readonly string[] {
    return this.#others;
  }

  /** In however many pieces the text comes. */
  equals(other: Content): boolean {
    if (this.#characters !== other.#characters || this.#others.join() !== other.#others.join()) return false;
    if (this.#hash === undefined || other.#hash === undefined) return this.text === other.text;
    return this.#hash.copy().digest('hex') === other.#hash.copy().digest('hex');
  }
}

export class Published {
  readonly #contents = new Map<string, Content>();

  static of(artifacts: readonly Artifact[]): Published {
    const published = new Published();
    for (const { artifactId, parts } of artifacts) published.add(artifactId, parts, false);
    return published;
  }

  /** `append`: behind what the artifact held before, else in its place. */
  add(artifactId: string, parts: readonly Part[], append: boolean): void {
    const known = append ? this.#contents.get(artifactId) : undefined;
    const content = known ?? new Content();
    content.add(parts);
    if (known !== undefined) return;
    this.#contents.delete(artifactId);
    this.#contents.set(artifactId, content);
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
    if (this.#characters > MOST_ANSWER || others.join() !== wanted.others.join()) return false;
    return ['', '\n'].some((between) => textBetween(all, between) === wanted.text);
  }

  /** What they say in text and data: the answer of an agent that returns none. */
  get said(): readonly Part[] {
    const all = [...this.#contents.values()];
    const text = this.#characters > MOST_ANSWER ? 'Done. The text is in the artifacts.' : textBetween(all, '');
    return [...(text === '' ? [] : [{ text }]), ...all.flatMap(({ data }) => data)];
  }

  get #characters(): number {
    return [...this.#contents.values()].reduce((sum, { characters }) => sum + characters, 0);
  }
}

function textBetween(contents: readonly Content[], between: string): string {
  return contents
    .map(({ text }) => text)
    .filter((text) => text !== '')
    .join(between);
}

/** Of a part that is no text what makes it what it is. */
function essenceOf({ raw, url, data }: Part): string {
  return hash('sha1', JSON.stringify([raw, url, data]), 'base64');
}
