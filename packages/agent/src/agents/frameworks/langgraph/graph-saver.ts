/** LangGraph's checkpointer for one run of a task: what it is given is kept in the journal, with the steps of the nodes. */
import type { RunnableConfig } from '@langchain/core/runnables';
import {
  BaseCheckpointSaver,
  type Checkpoint,
  type CheckpointMetadata,
  type CheckpointTuple,
} from '@langchain/langgraph';
import type { GraphSteps } from './graph-steps.js';
import type { FoundCheckpoint, KeptGraph, KeptValue } from './kept-graph.js';

type Versions = Readonly<Record<string, number | string>>;

/** A thread is a task's here: what LangGraph calls `thread_id` is not looked at. */
export class GraphSaver extends BaseCheckpointSaver {
  constructor(
    private readonly graph: KeptGraph,
    private readonly steps: Pick<GraphSteps, 'keep' | 'failed'>,
  ) {
    super();
  }

  override async getTuple(config: RunnableConfig): Promise<CheckpointTuple | undefined> {
    const { namespace, id } = placeOf(config);
    const found = this.graph.find(namespace, id);
    return found === undefined ? undefined : this.#tupleOf(found, config);
  }

  /** LangGraph asks for it only to go back in time, which a task does not. */
  override async *list(config: RunnableConfig): AsyncGenerator<CheckpointTuple> {
    const last = await this.getTuple(config);
    if (last !== undefined) yield last;
  }

  override async put(
    config: RunnableConfig,
    { channel_values: channels, ...checkpoint }: Checkpoint,
    metadata: CheckpointMetadata,
    _versions: Versions,
  ): Promise<RunnableConfig> {
    const { namespace, id: parent } = placeOf(config);
    const versions: Versions = checkpoint.channel_versions;
    const isNew = ([channel]: [string, unknown]): boolean => {
      const version = versions[channel];
      return version !== undefined && !this.graph.has(namespace, channel, version);
    };
    const values = await Promise.all(
      Object.entries(channels)
        .filter(isNew)
        .map(async ([channel, value]) => {
          const text = await this.kept(value);
          return [channel, this.graph.grown(namespace, channel, versions[channel] ?? 0, text)] as const;
        }),
    );
    await this.steps.keep({
      kind: 'checkpoint',
      namespace,
      id: checkpoint.id,
      parent,
      checkpoint: await this.kept(checkpoint),
      metadata: await this.kept(metadata),
      values: Object.fromEntries(values),
    });
    return { configurable: { ...config.configurable, checkpoint_ns: namespace, checkpoint_id: checkpoint.id } };
  }

  override async putWrites(
    config: RunnableConfig,
    writes: [channel: string, value: unknown][],
    task: string,
    path = '',
  ): Promise<void> {
    const failure = writes.find(([channel]) => channel === '__error__');
    if (failure !== undefined) return this.steps.failed(task, messageIn(failure[1]));
    // What a person has answered is the journal's already, and given to the graph in each run.
    if (writes.every(([channel]) => channel === '__resume__')) return;
    const { namespace, id: checkpoint = '' } = placeOf(config);
    const kept = await Promise.all(writes.map(async ([channel, value]) => [channel, await this.kept(value)] as const));
    await this.steps.keep({ kind: 'writes', namespace, checkpoint, task, path, writes: kept });
  }

  override async deleteThread(): Promise<void> {}

  async kept(value: unknown): Promise<KeptValue> {
    const [type, bytes] = await this.serde.dumpsTyped(value);
    return { type, text: Buffer.from(bytes).toString(type === 'json' ? 'utf8' : 'base64') };
  }

  given({ type, text }: KeptValue): Promise<unknown> {
    return this.serde.loadsTyped(type, type === 'json' ? text : Buffer.from(text, 'base64'));
  }

  async #tupleOf(found: FoundCheckpoint, config: RunnableConfig): Promise<CheckpointTuple> {
    const { namespace, id, parent, channels, pending } = found;
    const at = (checkpoint: string): RunnableConfig => ({
      configurable: {
        thread_id: config.configurable?.['thread_id'],
        checkpoint_ns: namespace,
        checkpoint_id: checkpoint,
      },
    });
    const checkpoint = (await this.given(found.checkpoint)) as Omit<Checkpoint, 'channel_values'>;
    const versions: Versions = checkpoint.channel_versions;
    const current = [...channels].filter(([channel, { version }]) => versions[channel] === version);
    const values = current.map(async ([channel, value]) => [channel, await this.given(value)] as const);
    const writes = pending.map(async ({ task, channel, value }): Promise<[string, string, unknown]> => {
      return [task, channel, await this.given(value)];
    });
    return {
      config: at(id),
      checkpoint: { ...checkpoint, channel_values: Object.fromEntries(await Promise.all(values)) },
      metadata: (await this.given(found.metadata)) as CheckpointMetadata,
      ...(parent === undefined ? {} : { parentConfig: at(parent) }),
      pendingWrites: await Promise.all(writes),
    };
  }
}

function placeOf({ configurable = {} }: RunnableConfig): {
  readonly namespace: string;
  readonly id: string | undefined;
} {
  const { checkpoint_ns: namespace = '', checkpoint_id: id } = configurable as Readonly<
    Record<string, string | undefined>
  >;
  return { namespace, id: id === '' ? undefined : id };
}

function messageIn(error: unknown): string {
  const { message } = error as { readonly message?: unknown };
  return typeof message === 'string' && message !== '' ? message : 'The node failed.';
}
