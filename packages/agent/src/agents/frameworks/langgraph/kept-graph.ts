/** What is kept of a graph's run: its checkpoints and the writes of its tasks, as texts that grow with what is new. */

/** A value as LangGraph's serializer writes it. */
export interface KeptValue {
  readonly type: string;
  /** JSON, or bytes in base64. */
  readonly text: string;
}

/** A value of a channel of which the first `same` characters are those of the version before it. */
interface GrownValue extends KeptValue {
  readonly version: number | string;
  readonly same: number;
}

export interface KeptCheckpoint {
  readonly kind: 'checkpoint';
  /** LangGraph's checkpoint_ns: the graph itself is '', a graph within one of its nodes has a path of tasks. */
  readonly namespace: string;
  readonly id: string;
  readonly parent: string | undefined;
  /** Without the values of the channels. */
  readonly checkpoint: KeptValue;
  readonly metadata: KeptValue;
  /** By channel, those that are new. */
  readonly values: Readonly<Record<string, GrownValue>>;
}

export interface KeptWrites {
  readonly kind: 'writes';
  readonly namespace: string;
  /** The checkpoint that the task began with. */
  readonly checkpoint: string;
  readonly task: string;
  readonly path: string;
  readonly writes: readonly (readonly [channel: string, value: KeptValue])[];
}

export type KeptRecord = KeptCheckpoint | KeptWrites;

export interface PendingWrite {
  readonly task: string;
  readonly channel: string;
  readonly value: KeptValue;
}

/** A checkpoint, found again. */
export interface FoundCheckpoint extends KeptCheckpoint {
  /** By channel, as far as no later version has taken its place. */
  readonly channels: ReadonlyMap<string, KeptValue & { readonly version: number | string }>;
  /** In the order in which LangGraph applies them. */
  readonly pending: readonly PendingWrite[];
}

/** Channels that hold one value of a task, whatever it wrote before: LangGraph's WRITES_IDX_MAP. */
const SINGLE: ReadonlySet<string> = new Set([
  '__error__',
  '__scheduled__',
  '__interrupt__',
  '__resume__',
  '__error_source_node__',
]);

export const INTERRUPT = '__interrupt__';
const NO_OUTPUT: ReadonlySet<string> = SINGLE;

interface StoredWrite extends PendingWrite {
  readonly order: readonly [path: string, task: string, index: number];
}

export class KeptGraph {
  readonly #checkpoints = new Map<string, KeptCheckpoint>();
  /** By namespace, the last one. */
  readonly #last = new Map<string, string>();
  /** By namespace and channel, its newest value. */
  readonly #values = new Map<string, Map<string, KeptValue & { readonly version: number | string }>>();
  /** By namespace and checkpoint. */
  readonly #writes = new Map<string, Map<string, StoredWrite>>();
  readonly #interrupts: KeptValue[] = [];

  apply(record: KeptRecord): void {
    if (record.kind === 'writes') this.#write(record);
    else this.#put(record);
  }

  /** The value of the channel, to be kept: only what is new of it. */
  grown(namespace: string, channel: string, version: number | string, { type, text }: KeptValue): GrownValue {
    const before = this.#values.get(namespace)?.get(channel);
    const same = before?.type === type ? sameBeginning(before.text, text) : 0;
    return { type, version, same, text: text.slice(same) };
  }

  /** Whether the newest value of the channel has this version. */
  has(namespace: string, channel: string, version: number | string): boolean {
    return this.#values.get(namespace)?.get(channel)?.version === version;
  }

  /** Without an id the last one of the namespace. */
  find(namespace: string, id = this.#last.get(namespace)): FoundCheckpoint | undefined {
    const found = id === undefined ? undefined : this.#checkpoints.get(keyOf(namespace, id));
    if (found === undefined) return undefined;
    const writes = [...(this.#writes.get(keyOf(namespace, found.id))?.values() ?? [])];
    const pending = writes.toSorted((one, other) => inOrder(one.order, other.order));
    return { ...found, channels: this.#values.get(namespace) ?? new Map(), pending };
  }

  get namespaces(): readonly string[] {
    return [...this.#last.keys()];
  }

  /** What the graph's nodes have been interrupted with, in order, those included that have gone on since. */
  get interrupts(): readonly KeptValue[] {
    return this.#interrupts;
  }

  /** What the graph waits for. */
  get waiting(): readonly KeptValue[] {
    const pending = this.find('')?.pending ?? [];
    const done = new Set(pending.filter(({ channel }) => !NO_OUTPUT.has(channel)).map(({ task }) => task));
    return pending.filter(({ channel, task }) => channel === INTERRUPT && !done.has(task)).map(({ value }) => value);
  }

  #put(checkpoint: KeptCheckpoint): void {
    const { namespace, id, values } = checkpoint;
    this.#checkpoints.set(keyOf(namespace, id), checkpoint);
    this.#last.set(namespace, id);
    const channels = this.#values.get(namespace) ?? new Map<string, GrownValue>();
    this.#values.set(namespace, channels);
    for (const [channel, { same, text, ...value }] of Object.entries(values)) {
      const before = channels.get(channel)?.text ?? '';
      channels.set(channel, { ...value, text: before.slice(0, same) + text });
    }
  }

  /** What a task wrote once stays, but for what it holds one of. */
  #write({ namespace, checkpoint, task, path, writes }: KeptWrites): void {
    const key = keyOf(namespace, checkpoint);
    const stored = this.#writes.get(key) ?? new Map<string, StoredWrite>();
    this.#writes.set(key, stored);
    for (const [index, [channel, value]] of writes.entries()) {
      const isSingle = SINGLE.has(channel);
      const place = `${task}\n${isSingle ? channel : index}`;
      if (!isSingle && stored.has(place)) continue;
      stored.set(place, { task, channel, value, order: [path, task, isSingle ? -1 : index] });
      if (channel === INTERRUPT && namespace === '') this.#interrupts.push(value);
    }
  }
}

function keyOf(namespace: string, id: string): string {
  return `${namespace}\n${id}`;
}

/** As LangGraph orders them: texts by code points, which are in the order of their bytes. */
function inOrder(one: StoredWrite['order'], other: StoredWrite['order']): number {
  const [path, task, index] = one;
  const byText = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
  return byText(path, other[0]) || byText(task, other[1]) || index - other[2];
}

/** How many characters of both are the same, from the first; never half of one. */
function sameBeginning(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let same = 0;
  while (same < most && one.charCodeAt(same) === other.charCodeAt(same)) same += 1;
  return /[\uD800-\uDBFF]/.test(other.charAt(same - 1)) ? same - 1 : same;
}
