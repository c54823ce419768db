/** Shows a remote task's artifacts and progress as the local task's own. */
import type { Artifact as SdkArtifact, StreamResponse, Task as SdkTask, TaskStatus } from '@a2a-js/sdk';
import { isArtifactId } from '@continuo/agent/internal/agents/artifact-input.js';
import type { ArtifactStream, TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { derivedId } from '@continuo/agent/internal/platform/ids.js';
import { textOf, type Part } from '@continuo/agent/internal/sessions/message.js';
import { INPUT_EXTENSION, PROGRESS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import { newParts, joined } from './parts.js';
import { fromSdkParts, settledState, type SettledState } from './wire.js';

/** How far the remote task came. JSON. */
export interface Settled {
  readonly state: SettledState;
  /** Tells this time of asking from the others; empty when the remote agent doesn't let us. */
  readonly time: string;
  /** What it said with that state. */
  readonly said: readonly Part[];
  /** When it asks: what it wants to know of the answer, as INPUT_EXTENSION has it. */
  readonly request?: unknown;
  /** What has been shown: a digest of each artifact, by its id. */
  readonly shown: Shown;
}

export type Shown = Readonly<Record<string, string>>;

interface Mirrored {
  /** Undefined while it is as an earlier turn has left it. */
  readonly stream: ArtifactStream | undefined;
  readonly parts: readonly Part[];
  readonly ended: boolean;
}

export class Mirror {
  readonly #artifacts = new Map<string, Mirrored>();
  #fraction = 0;
  #stage = '';

  constructor(
    private readonly task: Pick<TaskContext, 'stream' | 'progress'>,
    /** What an earlier turn of the same task has shown. */
    private readonly shown: Shown,
  ) {}

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
        const { artifact, append, lastChunk } = payload.value;
        if (artifact === undefined) return undefined;
        if (append) await this.#chunk(artifact);
        else await this.#begin(artifact, fromSdkParts(artifact.parts));
        if (lastChunk) await this.#end(artifact.artifactId);
        return undefined;
      }
      default:
        return undefined;
    }
  }

  /** The remote task goes no further for now: neither do its artifacts. */
  async end(): Promise<void> {
    for (const artifactId of this.#artifacts.keys()) await this.#end(artifactId);
  }

  /** What is new of an artifact is added; one that no longer begins as it did is shown anew. */
  async #whole(artifact: SdkArtifact): Promise<void> {
    const parts = joined(fromSdkParts(artifact.parts));
    const mirrored = this.#artifacts.get(artifact.artifactId);
    if (mirrored === undefined) {
      if (this.shown[artifact.artifactId] !== digest(parts)) return this.#begin(artifact, parts);
      this.#artifacts.set(artifact.artifactId, { stream: undefined, parts, ended: true });
      return;
    }
    const more = newParts(mirrored.parts, parts);
    if (more === undefined) await this.#begin(artifact, parts);
    else if (more.length > 0) await this.#add(artifact, mirrored, more);
  }

  async #chunk(artifact: SdkArtifact): Promise<void> {
    const mirrored = this.#artifacts.get(artifact.artifactId);
    const parts = fromSdkParts(artifact.parts);
    if (mirrored === undefined) await this.#begin(artifact, parts);
    else await this.#add(artifact, mirrored, parts);
  }

  async #begin(artifact: SdkArtifact, parts: readonly Part[]): Promise<void> {
    const { artifactId, name, description, metadata } = artifact;
    const stream = this.task.stream({
      artifactId: isArtifactId(artifactId) ? artifactId : derivedId(`remote artifact ${artifactId}`),
      ...(name ? { name } : {}),
      ...(description ? { description } : {}),
      ...(metadata === undefined ? {} : { metadata }),
    });
    this.#artifacts.set(artifactId, { stream, parts: joined(parts), ended: false });
    if (parts.length > 0) await stream.write(parts);
  }

  async #add(artifact: SdkArtifact, { stream, parts }: Mirrored, more: readonly Part[]): Promise<void> {
    const all = joined([...parts, ...more]);
    if (stream === undefined) return this.#begin(artifact, all);
    this.#artifacts.set(artifact.artifactId, { stream, parts: all, ended: false });
    if (more.length > 0) await stream.write(more);
  }

  async #end(artifactId: string): Promise<void> {
    const mirrored = this.#artifacts.get(artifactId);
    if (mirrored === undefined || mirrored.ended) return;
    this.#artifacts.set(artifactId, { ...mirrored, ended: true });
    await mirrored.stream?.end();
  }

  async #status(
    status: TaskStatus | undefined,
    metadata: Readonly<Record<string, unknown>> | undefined,
  ): Promise<Settled | undefined> {
    const message = status?.message;
    const said = fromSdkParts(message?.parts);
    const state = settledState(status?.state);
    if (state === undefined) {
      await this.#progress(textOf(said), metadata?.[PROGRESS_EXTENSION]);
      return undefined;
    }
    const artifacts = [...this.#artifacts];
    const request = message?.metadata?.[INPUT_EXTENSION];
    return {
      state,
      time: timeOf(status),
      said,
      ...(request === undefined ? {} : { request }),
      shown: Object.fromEntries(artifacts.map(([artifactId, { parts }]) => [artifactId, digest(parts)])),
    };
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

/** Tells one time of asking from the others, as far as the remote agent lets us. */
export function timeOf(status: TaskStatus | undefined): string {
  return [status?.message?.messageId, status?.timestamp].filter(Boolean).join(' ');
}

function digest(parts: readonly Part[]): string {
  return derivedId(JSON.stringify(parts));
}

function readProgress(value: unknown): { readonly fraction?: number; readonly stage?: string } {
  if (typeof value !== 'object' || value === null) return {};
  const given = 'fraction' in value ? value.fraction : undefined;
  const stage = 'stage' in value && typeof value.stage === 'string' && value.stage !== '' ? value.stage : undefined;
  return {
    ...(typeof given === 'number' && Number.isFinite(given) ? { fraction: given } : {}),
    ...(stage === undefined ? {} : { stage }),
  };
}
