/** What a server exposes on `/metrics`, as far as the doctor asks for it. */

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

export class Samples {
  readonly #all: readonly Sample[];

  constructor(exposition: string) {
    this.#all = exposition.split('\n').flatMap((line) => {
      const { name, labels = '', value } = LINE.exec(line)?.groups ?? {};
      if (name === undefined || value === undefined) return [];
      return [{ name, labels: Object.fromEntries(toPairs(labels)), value: Number(value) }];
    });
  }

  /** The largest; 0 where there is none. Of what all processes read from the database it is what each of them says. */
  most(name: string): number {
    return Math.max(0, ...this.#named(name).map(({ value }) => value));
  }

  /** Of all processes together. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    const fits = (sample: Sample): boolean =>
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value);
    return this.#named(name)
      .filter(fits)
      .reduce((sum, { value }) => sum + value, 0);
  }

  /** The largest for each value of the label that is not 0, the largest first. */
  mostBy(name: string, label: string): readonly (readonly [string, number])[] {
    const by = new Map<string, number>();
    for (const { labels, value } of this.#named(name)) {
      const key = labels[label] ?? '';
      if (value > (by.get(key) ?? 0)) by.set(key, value);
    }
    return [...by].toSorted(([, a], [, b]) => b - a);
  }

  /** The value of a label; undefined where there is none. */
  label(name: string, label: string): string | undefined {
    return this.#named(name)[0]?.labels[label];
  }

  #named(name: string): readonly Sample[] {
    return this.#all.filter((sample) => sample.name === name);
  }
}

function toPairs(labels: string): readonly (readonly [string, string])[] {
  return [...labels.matchAll(LABEL)].map(([, name = '', value = '']) => [name, value.replaceAll(/\\(["\\])/g, '$1')]);
}
