/** What a process counts, and how it is told: recorders that cost next to nothing, and text for whoever scrapes. */
import type { MetricObjectWithValues, MetricValue, Registry } from 'prom-client';
import { isInstalled, loadInstalled } from '../optional-parts.js';
import { version } from '../version.js';
import { definitions, type Definition } from './definitions.js';
import { FewValues } from './few-values.js';

type Definitions = typeof definitions;
type Key = keyof Definitions;
type LabelsOf<Of> = Of extends Definition<infer Label> ? Readonly<Record<Label, string>> : never;
type AnyLabels = Readonly<Record<string, string>>;
type AnyRecorder = (labels: AnyLabels, value: number) => void;

/** Adds `value` (default 1) to a counter, sets a gauge to it, or puts it into a histogram. */
export type Recorders = {
  readonly [Each in Key]: (labels: LabelsOf<Definitions[Each]>, value?: number) => void;
};

/** What one process says of itself, as it can be sent to another. */
export type Counts = readonly MetricObjectWithValues<MetricValue<string>>[];

type PromClient = typeof import('prom-client');

const keys = Object.keys(definitions) as readonly Key[];
/** Records from before the library was loaded. */
const MOST_EARLY = 10_000;
/** How exactly the lag of the event loop is measured; milliseconds. */
const LAG_EVERY_MS = 20;
/** Gauges that are called as counters are; what they count is in others as well. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

export class Metrics {
  readonly record: Recorders;
  readonly #readers: (() => void | Promise<void>)[] = [];
  readonly #isInstalled = isInstalled('metrics');
  #early: { readonly key: Key; readonly labels: AnyLabels; readonly value: number }[] = [];
  #loaded: { readonly client: PromClient; readonly registry: Registry; readonly recorders: AllRecorders } | undefined;
  #tellsOfProcess = false;

  constructor() {
    this.record = Object.fromEntries(
      keys.map((key) => [key, (labels: AnyLabels, value = 1) => this.#record(key, labels, value)]),
    ) as unknown as Recorders;
  }

  /** `read` is called before each scrape, to set gauges; one that throws leaves its gauges as they were. */
  beforeScrape(read: () => void | Promise<void>): void {
    this.#readers.push(read);
  }

  /** Loads the library where it is installed, which takes a while: what was recorded before is counted then. */
  load(): void {
    if (!this.#isInstalled || this.#loaded !== undefined) return;
    const client = loadInstalled('metrics', 'GET /metrics') as PromClient;
    const registry = new client.Registry();
    const few = new FewValues();
    const recorders = Object.fromEntries(
      keys.map((key) => [key, recorderOf(client, registry, few, definitions[key])]),
    ) as AllRecorders;
    this.#loaded = { client, registry, recorders };
    recorders.build({ version }, 1);
    for (const { key, labels, value } of this.#early.splice(0)) recorders[key](labels, value);
  }

  /** Throws PACKAGE_MISSING where the library is not installed. */
  async counts(): Promise<Counts> {
    const { client, registry } = this.#ready();
    if (!this.#tellsOfProcess) {
      // Measuring the lag costs a little all the time: it begins with the first scrape.
      client.collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LAG_EVERY_MS });
      for (const name of MISNAMED) registry.removeSingleMetric(name);
      this.#tellsOfProcess = true;
    }
    await Promise.allSettled(this.#readers.map(async (read) => read()));
    return registry.getMetricsAsJSON();
  }

  /** What processes say, each under its name where there are several, as Prometheus reads it. Throws PACKAGE_MISSING. */
  text(processes: ReadonlyMap<string, Counts>): Promise<string> {
    const { client } = this.#ready();
    const all = [...processes].map(([name, counts]) =>
      processes.size === 1 ? counts : counts.map((metric) => ofProcess(metric, name)),
    );
    return client.AggregatorRegistry.aggregate(all).metrics();
  }

  #ready() {
    if (!this.#isInstalled) loadInstalled('metrics', 'GET /metrics');
    this.load();
    if (this.#loaded === undefined) throw new Error('prom-client was not loaded');
    return this.#loaded;
  }

  #record(key: Key, labels: AnyLabels, value: number): void {
    if (this.#loaded !== undefined) this.#loaded.recorders[key](labels, value);
    else if (this.#isInstalled && this.#early.length < MOST_EARLY) this.#early.push({ key, labels, value });
  }
}

type AllRecorders = Readonly<Record<Key, AnyRecorder>>;

function recorderOf(client: PromClient, registry: Registry, few: FewValues, definition: Definition): AnyRecorder {
  const { kind, name, help, labels: labelNames, buckets } = definition;
  const options = { name, help, labelNames: [...labelNames], registers: [registry] };
  if (kind === 'counter') {
    const counter = new client.Counter(options);
    return (labels, value) => counter.inc(few.of(labels), value);
  }
  if (kind === 'histogram') {
    const histogram = new client.Histogram({ ...options, ...(buckets === undefined ? {} : { buckets: [...buckets] }) });
    return (labels, value) => histogram.observe(few.of(labels), value);
  }
  const gauge = new client.Gauge(options);
  const together = new Map<string, SumOf>();
  return (labels, value) => {
    const told = few.of(labels);
    if (told === labels) {
      gauge.set(labels, value);
      return;
    }
    const key = JSON.stringify(told);
    const sum = together.get(key) ?? new SumOf();
    together.set(key, sum);
    gauge.set(told, sum.with(JSON.stringify(labels), value));
  };
}

/** What is told as one: the last value of each that isn't 0, added up. */
class SumOf {
  readonly #values = new Map<string, number>();
  #sum = 0;

  with(key: string, value: number): number {
    this.#sum += value - (this.#values.get(key) ?? 0);
    if (value === 0) this.#values.delete(key);
    else this.#values.set(key, value);
    return this.#sum;
  }
}

function ofProcess(metric: Counts[number], process: string): Counts[number] {
  const values = metric.values.map((value) => ({ ...value, labels: { ...value.labels, process } }));
  return { ...metric, values };
}
