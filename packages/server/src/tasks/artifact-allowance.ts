/** How much a run may write into artifacts: a runaway agent, or a remote one, fails its task instead of filling the disk. */
import { TerminalError } from '../platform/errors.js';
import type { NewArtifactChunk } from './task-event.js';

/** Bytes, about: characters of texts, of encoded files, and of data as JSON; 0: any number. */
export interface ArtifactLimits {
  readonly artifactBytes: number;
  readonly taskBytes: number;
}

export class ArtifactAllowance {
  readonly #sizes = new Map<string, number>();
  #total = 0;

  constructor(private readonly limits: ArtifactLimits) {}

  /** Counts a chunk. Throws TerminalError for one that is too much. */
  take({ artifact, append }: NewArtifactChunk, size: number): void {
    const { artifactBytes, taskBytes } = this.limits;
    const { artifactId, name = artifactId } = artifact;
    const own = (append ? (this.#sizes.get(artifactId) ?? 0) : 0) + size;
    if (artifactBytes > 0 && own > artifactBytes) {
      throw new TerminalError(`The artifact ${name} is larger than ${artifactBytes} bytes, which is the limit here.`);
    }
    if (taskBytes > 0 && this.#total + size > taskBytes) {
      throw new TerminalError(`The task's artifacts are larger than ${taskBytes} bytes, which is the limit here.`);
    }
    this.#sizes.set(artifactId, own);
    this.#total += size;
  }
}
