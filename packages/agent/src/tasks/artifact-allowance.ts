/** How much a run may say, in artifacts and in messages: a runaway agent, or a remote one, fails its task instead of filling the disk. */
import { TerminalError } from '../platform/errors.js';
import type { NewArtifactChunk } from './task-event.js';

/** Bytes, about: characters of texts, of encoded files, and of data as JSON; 0: any number. */
export interface ArtifactLimits {
  readonly artifactBytes: number;
  /** Of artifacts and messages together. */
  readonly taskBytes: number;
  /** Of one message; 0 is no exception. */
  readonly messageBytes: number;
}

export class ArtifactAllowance {
  readonly #sizes = new Map<string, number>();
  #total = 0;

  constructor(private readonly limits: ArtifactLimits) {}

  /** Counts a chunk. Throws TerminalError for one that is too much. */
  take({ artifact, append }: NewArtifactChunk, size: number): void {
    const { artifactBytes } = this.limits;
    const { artifactId, name = artifactId } = artifact;
    const own = (append ? (this.#sizes.get(artifactId) ?? 0) : 0) + size;
    if (artifactBytes > 0 && own > artifactBytes) {
      throw new TerminalError(`The artifact ${name} is larger than ${artifactBytes} bytes, which is the limit here.`);
    }
    this.#count(size);
    this.#sizes.set(artifactId, own);
  }

  /** Counts a message: a question, for instance. Throws TerminalError for one that is too much. */
  say(size: number): void {
    this.checkMessage(size);
    this.#count(size);
  }

  /** The same for what is counted elsewhere: an answer, which is an artifact. */
  checkMessage(size: number): void {
    const { messageBytes } = this.limits;
    if (size > messageBytes) {
      throw new TerminalError(
        `The agent said a message of more than ${messageBytes} bytes, which is the limit here; that much belongs into an artifact.`,
      );
    }
  }

  #count(size: number): void {
    const { taskBytes } = this.limits;
    if (taskBytes > 0 && this.#total + size > taskBytes) {
      throw new TerminalError(`The task's artifacts are larger than ${taskBytes} bytes, which is the limit here.`);
    }
    this.#total += size;
  }
}
