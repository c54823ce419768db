/** The log of one task, followed and folded: its timeline, and its artifacts as they grow. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { urlOf } from '../api/client.js';
import type { Artifact, Part, StreamResponse } from '../api/schema.generated.js';
import { follow, type Connection } from '../api/stream.js';
import { hasEnded, progressOf, textOf, toState, type TaskState } from './task-facts.js';

/** Events that come together are shown together. */
const SHOW_EVERY_MS = 100;

export interface TimelineEntry {
  readonly seq: number;
  readonly kind: 'state' | 'progress' | 'message' | 'artifact';
  readonly at: string | undefined;
  readonly state: TaskState | undefined;
  /** What was said, the stage, or the artifact's name. */
  readonly text: string;
  readonly fraction: number | undefined;
  /** Events that this entry stands for. */
  readonly events: number;
}

interface GrowingArtifact {
  readonly artifact: Artifact;
  readonly chunks: Part[];
  readonly version: number;
  readonly complete: boolean;
}

export interface TaskLogView {
  readonly connection: Connection;
  readonly timeline: readonly TimelineEntry[];
  readonly artifacts: readonly ShownArtifact[];
  readonly events: number;
  readonly ended: boolean;
}

export interface ShownArtifact {
  readonly artifact: Artifact;
  /** How often it was replaced, from 1. */
  readonly version: number;
  readonly complete: boolean;
}

const nothing: TaskLogView = { connection: 'connecting', timeline: [], artifacts: [], events: 0, ended: false };

class TaskLog {
  #view = nothing;
  #timeline: TimelineEntry[] = [];
  #artifacts = new Map<string, GrowingArtifact>();
  #shown = new Map<string, { readonly chunks: number; readonly shown: ShownArtifact }>();
  #events = 0;
  #seq = 0;
  #ended = false;
  #connection: Connection = 'connecting';
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #watchers = new Set<() => void>();

  constructor(private readonly id: string) {}

  readonly watch = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };

  readonly view = (): TaskLogView => this.#view;

  start(): () => void {
    const stop = follow({
      url: urlOf('followTask', { id: this.id }),
      isOver: () => this.#ended,
      onConnection: (connection) => {
        this.#connection = connection;
        this.#showSoon();
      },
      onReset: () => this.#forget(),
      onEvent: ({ id, data }) => this.#add(Number(id), data as StreamResponse),
      onEnd: () => this.#showSoon(),
    });
    return () => {
      stop();
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  #forget(): void {
    this.#timeline = [];
    this.#artifacts = new Map();
    this.#shown = new Map();
    this.#events = 0;
    this.#seq = 0;
    this.#ended = false;
  }

  #add(seq: number, { task, statusUpdate, artifactUpdate }: StreamResponse): void {
    // After a lost connection the server begins behind what was seen; this holds whatever it does.
    if (seq <= this.#seq) return;
    this.#seq = seq;
    this.#events += 1;
    if (artifactUpdate !== undefined) this.#addChunk(seq, artifactUpdate);
    const status = task?.status ?? statusUpdate?.status;
    if (status !== undefined) {
      const state = toState(status.state);
      const metadata = statusUpdate?.metadata;
      const { fraction, stage } = progressOf({ metadata });
      const said = textOf(status.message?.parts);
      const base = { seq, at: status.timestamp, state, events: 1 };
      if (stage !== '' || fraction > 0) this.#timeline.push({ ...base, kind: 'progress', text: stage, fraction });
      else if (said === '') this.#timeline.push({ ...base, kind: 'state', text: '', fraction: undefined });
      else this.#timeline.push({ ...base, kind: 'message', text: said, fraction: undefined });
      this.#ended = hasEnded(state);
    }
    this.#showSoon();
  }

  #addChunk(seq: number, update: NonNullable<StreamResponse['artifactUpdate']>): void {
    const { artifact, append, lastChunk } = update;
    const id = artifact.artifactId;
    const known = this.#artifacts.get(id);
    const grows = append && known !== undefined;
    const chunks = grows ? known.chunks : [];
    chunks.push(...artifact.parts);
    const version = grows ? known.version : (known?.version ?? 0) + 1;
    const head = grows ? { ...known.artifact, ...named(artifact) } : artifact;
    this.#artifacts.set(id, { artifact: head, chunks, version, complete: lastChunk });
    if (!grows) this.#shown.delete(id);
    const text = head.name ?? id;
    const last = this.#timeline.at(-1);
    const at = last?.at;
    if (last?.kind === 'artifact' && last.text === text) {
      this.#timeline[this.#timeline.length - 1] = { ...last, events: last.events + 1 };
    } else {
      this.#timeline.push({ seq, kind: 'artifact', at, state: undefined, text, fraction: undefined, events: 1 });
    }
  }

  #showSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#view = {
        connection: this.#connection,
        timeline: [...this.#timeline],
        artifacts: [...this.#artifacts].map(([id, growing]) => this.#show(id, growing)),
        events: this.#events,
        ended: this.#ended,
      };
      for (const watcher of this.#watchers) watcher();
    }, SHOW_EVERY_MS);
  }

  /** The same object as long as nothing has come, so that nothing is drawn again. */
  #show(id: string, { artifact, chunks, version, complete }: GrowingArtifact): ShownArtifact {
    const known = this.#shown.get(id);
    if (known?.chunks === chunks.length && known.shown.complete === complete) return known.shown;
    const shown = { artifact: { ...artifact, parts: joined(chunks) }, version, complete };
    this.#shown.set(id, { chunks: chunks.length, shown });
    return shown;
  }
}

function named({ name, description, metadata }: Artifact): Partial<Artifact> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** Text that follows text is one part. */
function joined(parts: readonly Part[]): readonly Part[] {
  const whole: Part[] = [];
  let texts: string[] = [];
  let head: Part | undefined;
  const close = (): void => {
    if (head !== undefined) whole.push({ ...head, text: texts.join('') });
    head = undefined;
    texts = [];
  };
  for (const part of parts) {
    if (part.text === undefined || part.filename !== undefined) {
      close();
      whole.push(part);
    } else {
      head ??= part;
      texts.push(part.text);
    }
  }
  close();
  return whole;
}

/** Follows the task's log as long as it is shown. */
export function useTaskLog(id: string): TaskLogView {
  const [log, setLog] = useState(() => ({ id, log: new TaskLog(id) }));
  if (log.id !== id) setLog({ id, log: new TaskLog(id) });
  useEffect(() => log.log.start(), [log]);
  return useSyncExternalStore(log.log.watch, log.log.view);
}
