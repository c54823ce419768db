/** An artifact that is written chunk by chunk: a run that goes on writes on where the one before it had got to. */
import { hashOf } from '../runs/sayings.js';
import type { Part } from '../sessions/message.js';
import type { StoredStream } from '../tasks/stored-sayings.js';
import type { Artifact } from '../tasks/task.js';
import type { NewArtifactChunk } from '../tasks/task-event.js';

interface Parts {
  /** The artifact, without content. */
  readonly first: Artifact;
  /** Names a chunk by its number and the hash of all up to it. */
  readonly keyOf: (chunk: number, hash: string) => string;
  /** How far an earlier run had got. */
  readonly before: StoredStream | undefined;
  readonly emit: (event: NewArtifactChunk, stored: boolean) => void;
}

export class RunStream {
  #number = 0;
  /** Of all chunks so far. */
  #hash = '';
  /** What the earlier run has stored, as long as this one is behind it. */
  #repeated: Part[] = [];

  constructor(private readonly parts: Parts) {}

  /** `metadata` comes in the place of the artifact's. */
  write(parts: readonly Part[], lastChunk: boolean, metadata?: Artifact['metadata']): void {
    const { keyOf, before, emit } = this.parts;
    const more = metadata === undefined ? {} : { metadata };
    const first = { ...this.parts.first, ...more };
    this.#number += 1;
    this.#hash = hashOf([this.#hash, parts, lastChunk, ...Object.values(more)]);
    const key = keyOf(this.#number, this.#hash);
    const append = this.#number > 1;
    const artifact = append ? { artifactId: first.artifactId, ...more, parts } : { ...first, parts };
    if (before === undefined || this.#number > before.chunks) {
      emit({ kind: 'artifactUpdate', key, artifact, append, lastChunk }, false);
      return;
    }
    for (const part of parts) this.#repeated.push(part);
    const reached = this.#number === before.chunks || lastChunk;
    const isSame = this.#number === before.chunks && this.#hash === before.hash;
    if (!reached || isSame) {
      emit({ kind: 'artifactUpdate', key, artifact, append, lastChunk }, true);
    } else {
      // The code says something else than it did: the artifact is made anew, of what it has said now.
      const whole = { ...first, parts: this.#repeated };
      emit({ kind: 'artifactUpdate', key, artifact: whole, append: false, lastChunk }, false);
    }
    if (reached) this.#repeated = [];
  }
}
