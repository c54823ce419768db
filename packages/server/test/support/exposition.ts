/** What a server exposes on `/metrics`: its families by a parser of Prometheus's text format, and each sample. */
import parse from 'parse-prometheus-text-format';

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: 'COUNTER' | 'GAUGE' | 'HISTOGRAM' | 'SUMMARY' | 'UNTYPED';
}

const SAMPLE = /^(?<name>[a-zA-Z_:][\w:]*)(?:\{(?<labels>.*)\})? (?<value>[-+]?(?:\d[\d.]*(?:e[-+]?\d+)?|Inf|NaN))$/i;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)",?/g;

export class Exposition {
  readonly families: readonly Family[];
  readonly samples: readonly Sample[];

  /** Throws for text that is not of the format. */
  constructor(text: string) {
    this.families = parse(text) as readonly Family[];
    // The parser leaves out what histograms have by label.
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    this.samples = lines.map(toSample);
  }

  /** The sum of all samples of this name with these labels. */
  sum(name: string, labels: Labels = {}): number {
    return this.found(name, labels).reduce((sum, { value }) => sum + value, 0);
  }

  found(name: string, labels: Labels = {}): readonly Sample[] {
    return this.samples.filter(
      (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    );
  }
}

/** Asks for it and reads it; throws with the answer where that is none. */
export async function expose(url: string): Promise<Exposition> {
  const response = await fetch(url);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${response.status}: ${text}`);
  return new Exposition(text);
}

function toSample(line: string): Sample {
  const { name, labels = '', value } = SAMPLE.exec(line)?.groups ?? {};
  if (name === undefined) throw new Error(`no sample: ${line}`);
  const pairs = [...labels.matchAll(LABEL)].map(([, key, of]) => [key, of] as const);
  return { name, labels: Object.fromEntries(pairs), value: Number(value) };
}
