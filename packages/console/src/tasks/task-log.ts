/** The log of one task: read as far as it goes, followed in the event stream, and folded as the server folds it. */
import { headAfter, howFarAfter, JoinedParts, JUST_OPENED, type HowFar } from '@continuo/client/fold';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { server } from '../api/client.js';
import { feed } from '../api/feed.js';
import type { Artifact, Part, StreamResponse } from '@continuo/client';
import { follow } from '../api/stream.js';
import { Watchers } from '../api/watchers.js';
import { texts } from '../texts.js';
import { artifactPath, contentElsewhere } from './artifact-content.js';
import { CONTENT_EXTENSION, TOOLS_EXTENSION } from '@continuo/client/extensions';
import { progressOf, textOf, toState, type TaskState } from '@continuo/client/facts';

/** Events that come together are shown together. */
const SHOW_EVERY_MS = 100;
/** An agent may replace an artifact ten thousand times; nobody reads them all. */
const MOST_VERSIONS = 20;
/** About the bytes of one artifact that are kept, and of all of them with their versions; the server has the rest. */
const MOST_OF_ARTIFACT = 4_000_000;
const MOST_OF_ALL = 32_000_000;
/** What servers call the artifact of what an agent returned. */
export const ANSWER = 'answer';

export interface TimelineEntry {
  readonly seq: number;
  readonly kind: 'state' | 'progress' | 'message' | 'artifact' | 'attempt';
  readonly at: string | undefined;
  readonly state: TaskState | undefined;
  /** What was said, the stage, or the artifact's name. */
  readonly text: string;
  readonly fraction: number | undefined;
  /** Events that this entry stands for; for an attempt, its number. */
  readonly count: number;
}

interface GrowingArtifact {
  readonly artifact: Artifact;
  /** Empty when it is too large to be kept. */
  readonly parts: JoinedParts<Part>;
  /** About the bytes of all its chunks. */
  readonly bytes: number;
  readonly large: boolean;
  readonly version: number;
  readonly complete: boolean;
  readonly earlier: readonly Artifact[];
}

export interface TaskLogView {
  readonly timeline: readonly TimelineEntry[];
  readonly artifacts: readonly ShownArtifact[];
  readonly events: number;
  /** The first reading is over, by its end or by a refusal: until then nobody knows what there is. */
  readonly isRead: boolean;
  /** How far the current attempt is, as far as it has said so. */
  readonly progress: { readonly fraction: number; readonly stage: string } | undefined;
}

export interface ShownArtifact {
  readonly artifact: Artifact;
  /** How often it was replaced, from 1. */
  readonly version: number;
  readonly complete: boolean;
  /** What it was before it was replaced, oldest first; of many the last. */
  readonly earlier: readonly Artifact[];
}

const nothing: TaskLogView = { timeline: [], artifacts: [], events: 0, isRead: false, progress: undefined };

class TaskLog {
  #view = nothing;
  #timeline: TimelineEntry[] = [];
  #artifacts = new Map<string, GrowingArtifact>();
  #shown = new Map<string, { readonly bytes: number; readonly given: number; readonly shown: ShownArtifact }>();
  #howFar: HowFar = JUST_OPENED;
  #events = 0;
  #isRead = false;
  #seq = 0;
  /** About the bytes that are kept of artifacts. */
  #kept = 0;
  #stopReading: (() => void) | undefined;
  /** Something came while the log was read that may not have been in it yet. */
  #again = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #watchers = new Watchers();

  constructor(private readonly id: string) {}

  readonly watch = this.#watchers.watch;

  readonly view = (): TaskLogView => this.#view;

  start(): () => void {
    const unsubscribe = feed.subscribe((events) => {
      for (const { taskId, seq, response } of events) if (taskId === this.id) this.#hear(seq, response);
    });
    // What was committed between the reading and the opening of the feed is in neither.
    const unwatch = feed.watchGaps(() => this.#read());
    this.#read();
    return () => {
      unsubscribe();
      unwatch();
      this.#stopReading?.();
      this.#stopReading = undefined;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    };
  }

  /** Reads what the log has behind what was seen. */
  #read(): void {
    this.#again = this.#stopReading !== undefined;
    if (this.#again) return;
    this.#stopReading = follow({
      url: server.urlOf('followTask', { path: { id: this.id }, query: { follow: false } }),
      ends: true,
      ...(this.#seq === 0 ? {} : { after: String(this.#seq) }),
      onReset: () => this.#forget(),
      onEvent: ({ id, data }) => this.#add(Number(id), data as StreamResponse),
      onEnd: (error) => {
        this.#stopReading = undefined;
        if (this.#again && error === undefined) this.#read();
        this.#isRead = true;
        this.#showSoon();
      },
    });
  }

  /** An event of the feed follows what was seen, is known, or tells that some are missing. */
  #hear(seq: number, response: StreamResponse): void {
    if (seq <= this.#seq + 1) this.#add(seq, response);
    else this.#read();
  }

  #forget(): void {
    this.#timeline = [];
    this.#artifacts = new Map();
    this.#shown = new Map();
    this.#howFar = JUST_OPENED;
    this.#events = 0;
    this.#seq = 0;
    this.#kept = 0;
  }

  #add(seq: number, { task, statusUpdate, artifactUpdate }: StreamResponse): void {
    // The feed and the log bring the same events.
    if (seq <= this.#seq) return;
    this.#seq = seq;
    this.#events += 1;
    if (artifactUpdate !== undefined) this.#addChunk(seq, artifactUpdate);
    const status = task?.status ?? statusUpdate?.status;
    if (status !== undefined) this.#addStatus(seq, status, statusUpdate?.metadata);
    if (statusUpdate !== undefined) this.#howFar = howFarAfter(this.#howFar, statusUpdate);
    this.#showSoon();
  }

  #addStatus(seq: number, { state: wire, timestamp, message }: Status, metadata: Artifact['metadata']): void {
    // The trace shows the tools.
    if (metadata?.[TOOLS_EXTENSION] !== undefined) return;
    const state = toState(wire);
    const { fraction, stage, attempt } = progressOf({ metadata });
    const said = textOf(message?.parts) || (state === 'COMPLETED' ? this.#answer() : '');
    const base = { seq, at: timestamp, state, text: '', fraction: undefined, count: 1 };
    if (attempt > 1) this.#timeline.push({ ...base, kind: 'attempt', count: attempt });
    else if (stage !== '' || fraction > 0) this.#timeline.push({ ...base, kind: 'progress', text: stage, fraction });
    else if (said === '') this.#timeline.push({ ...base, kind: 'state' });
    else this.#timeline.push({ ...base, kind: 'message', text: said });
  }

  /** The text of the artifact that is the answer: the one that is called so, or the only one. */
  #answer(): string {
    const all = [...this.#artifacts.values()];
    const answers = all.filter(({ artifact }) => artifact.name === ANSWER);
    const [only, ...more] = answers.length > 0 ? answers : all;
    return only === undefined || more.length > 0 ? '' : textOf(only.parts.toArray());
  }

  #addChunk(seq: number, update: NonNullable<StreamResponse['artifactUpdate']>): void {
    const { artifact, append, lastChunk } = update;
    const id = artifact.artifactId;
    const known = this.#artifacts.get(id);
    const grows = append && known !== undefined;
    const elsewhere = contentElsewhere(artifact);
    const more = elsewhere?.bytes ?? sizeOf(artifact.parts);
    const bytes = (grows ? known.bytes : 0) + more;
    const large =
      elsewhere !== undefined || (grows && known.large) || bytes > MOST_OF_ARTIFACT || this.#kept + more > MOST_OF_ALL;
    if (large && grows && !known.large) this.#kept -= known.bytes;
    if (!large) this.#kept += more;
    const kept = large || !grows ? new JoinedParts<Part>() : known.parts;
    if (!large) kept.add(artifact.parts);
    const version = grows ? known.version : (known?.version ?? 0) + 1;
    const head = headAfter(grows ? known.artifact : undefined, artifact);
    const earlier = grows || known === undefined ? (known?.earlier ?? []) : [...known.earlier, whole(known)];
    const versions = earlier.slice(-MOST_VERSIONS);
    for (const { parts } of earlier.slice(0, -MOST_VERSIONS)) this.#kept -= sizeOf(parts);
    this.#artifacts.set(id, {
      artifact: head,
      parts: kept,
      bytes,
      large,
      version,
      complete: lastChunk,
      earlier: versions,
    });
    if (!grows) this.#shown.delete(id);
    const name = head.name ?? id;
    const text = version === 1 ? name : `${name} (${texts.task.version(version)})`;
    const last = this.#timeline.at(-1);
    if (grows && last?.kind === 'artifact' && last.text === text) {
      this.#timeline[this.#timeline.length - 1] = { ...last, count: last.count + 1 };
    } else {
      const base = { seq, at: last?.at, state: undefined, fraction: undefined };
      this.#timeline.push({ ...base, kind: 'artifact', text, count: 1 });
    }
  }

  #showSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#view = {
        timeline: [...this.#timeline],
        artifacts: [...this.#artifacts].map(([id, growing]) => this.#show(id, growing)),
        events: this.#events,
        isRead: this.#isRead,
        progress: shownProgress(this.#howFar),
      };
      this.#watchers.tell();
    }, SHOW_EVERY_MS);
  }

  /** The same object as long as nothing has come, so that nothing is drawn again. */
  #show(id: string, growing: GrowingArtifact): ShownArtifact {
    const { bytes, parts, version, complete, earlier } = growing;
    const known = this.#shown.get(id);
    const same = known?.given === parts.given && known.bytes === bytes && known.shown.complete === complete;
    if (same) return known.shown;
    const artifact = whole(growing, artifactPath(this.id, id));
    const shown = { artifact, version, complete, earlier };
    this.#shown.set(id, { bytes, given: parts.given, shown });
    return shown;
  }
}

type Status = NonNullable<StreamResponse['statusUpdate']>['status'];

/** `uri`: where its content is, if it is too large to be kept; a version that was replaced has none. */
function whole({ artifact, parts, bytes, large }: GrowingArtifact, uri?: string): Artifact {
  if (!large) return { ...artifact, parts: parts.toArray() };
  return { ...artifact, parts: [], metadata: { ...artifact.metadata, [CONTENT_EXTENSION]: { bytes, uri } } };
}

/** About the bytes of what parts say. */
function sizeOf(parts: readonly Part[]): number {
  return parts.reduce((sum, { text, raw, data }) => {
    return sum + (text?.length ?? raw?.length ?? (data === undefined ? 0 : JSON.stringify(data).length));
  }, 0);
}

/** Undefined as long as the task has not said how far it is. */
function shownProgress({ fraction, stage: said, held }: HowFar): TaskLogView['progress'] {
  const stage = held === undefined ? said : '';
  return fraction === undefined && stage === undefined ? undefined : { fraction: fraction ?? 0, stage: stage ?? '' };
}

/** Follows the task's log as long as it is shown; without an id none. */
export function useTaskLog(id: string | undefined): TaskLogView {
  const [log, setLog] = useState(() => ({ id, log: new TaskLog(id ?? '') }));
  if (log.id !== id) setLog({ id, log: new TaskLog(id ?? '') });
  useEffect(() => (log.id === undefined ? undefined : log.log.start()), [log]);
  return useSyncExternalStore(log.log.watch, log.log.view);
}
