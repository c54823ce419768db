/** Shows a remote task's artifacts and progress as the local task's own. */
import type { Artifact as SdkArtifact, StreamResponse, Task as SdkTask, TaskStatus } from '@a2a-js/sdk';
import { textOf, type Part } from '../../sessions/message.js';
import { PROGRESS_EXTENSION } from '../../tasks/task.js';
import type { ArtifactStream, TaskContext } from '../task-context.js';
import { fromSdkParts, settledState, type SettledState } from './wire.js';

/** How far the remote task came. */
export interface Settled {
  readonly state: SettledState;
  /** What it said with that state. */
  readonly said: readonly Part[];
  /** When it said nothing: the parts of its artifacts, in order. */
  readonly made: readonly Part[];
}

interface Mirrored {
  readonly stream: ArtifactStream;
  readonly parts: readonly Part[];
  /** The artifact as a whole when it was last seen so; undefined after a chunk. */
  readonly seen: string | undefined;
}

export class Mirror {
  readonly #artifacts = new Map<string, Mirrored>();
  #fraction = 0;
  #stage = '';

  constructor(private readonly task: Pick<TaskContext, 'stream' | 'progress'>) {}

  /** Takes over the whole remote task; answers with how it settled, if it has. */
  async snapshot(remote: SdkTask): Promise<Settled | undefined> {
    for (const artifact of remote.artifacts ?? []) await this.#whole(artifact);
    return this.#status(remote.status, remote.metadata);
  }

  /** Takes over one event of the remote task; answers with how it settled, if it has. */
  async event({ payload }: StreamResponse): Promise<Settled | undefined> {
    switch (payload?.$case) {
      case 'task':
        return this.snapshot(payload.value);
      case 'statusUpdate':
        return this.#status(payload.value.status, payload.value.metadata);
      case 'artifactUpdate': {
        const { artifact, append } = payload.value;
        if (artifact !== undefined) await (append ? this.#chunk(artifact) : this.#begin(artifact, undefined));
        return undefined;
      }
      default:
        return undefined;
    }
  }

  async #whole(artifact: SdkArtifact): Promise<void> {
    const seen = JSON.stringify(fromSdkParts(artifact.parts));
    if (this.#artifacts.get(artifact.artifactId)?.seen !== seen) await this.#begin(artifact, seen);
  }

  async #begin(artifact: SdkArtifact, seen: string | undefined): Promise<void> {
    const { artifactId, name, description, metadata } = artifact;
    const parts = fromSdkParts(artifact.parts);
    const stream = this.task.stream({
      artifactId,
      ...(name === '' ? {} : { name }),
      ...(description === '' ? {} : { description }),
      ...(metadata === undefined ? {} : { metadata }),
    });
    this.#artifacts.set(artifactId, { stream, parts, seen });
    if (parts.length > 0) await stream.write(parts);
  }

  async #chunk(artifact: SdkArtifact): Promise<void> {
    const mirrored = this.#artifacts.get(artifact.artifactId);
    if (mirrored === undefined) return this.#begin(artifact, undefined);
    const parts = fromSdkParts(artifact.parts);
    this.#artifacts.set(artifact.artifactId, {
      stream: mirrored.stream,
      parts: [...mirrored.parts, ...parts],
      seen: undefined,
    });
    if (parts.length > 0) await mirrored.stream.write(parts);
  }

  async #status(
    status: TaskStatus | undefined,
    metadata: Readonly<Record<string, unknown>> | undefined,
  ): Promise<Settled | undefined> {
    const said = fromSdkParts(status?.message?.parts);
    const state = settledState(status?.state);
    if (state === undefined) {
      await this.#progress(textOf(said), metadata?.[PROGRESS_EXTENSION]);
      return undefined;
    }
    for (const { stream } of this.#artifacts.values()) await stream.end();
    const made = said.length > 0 ? [] : [...this.#artifacts.values()].flatMap(({ parts }) => parts);
    return { state, said, made };
  }

  async #progress(text: string, extension: unknown): Promise<void> {
    const { fraction, stage } = readProgress(extension);
    const now = stage ?? text;
    if ((fraction ?? this.#fraction) === this.#fraction && (now === '' || now === this.#stage)) return;
    this.#fraction = fraction ?? this.#fraction;
    this.#stage = now;
    await this.task.progress(this.#fraction, now);
  }
}

function readProgress(value: unknown): { readonly fraction?: number; readonly stage?: string } {
  if (typeof value !== 'object' || value === null) return {};
  const fraction = 'fraction' in value && typeof value.fraction === 'number' ? value.fraction : undefined;
  const stage = 'stage' in value && typeof value.stage === 'string' && value.stage !== '' ? value.stage : undefined;
  return { ...(fraction === undefined ? {} : { fraction }), ...(stage === undefined ? {} : { stage }) };
}
