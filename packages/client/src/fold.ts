/** The fold of a task's log, the only one: clients, the console and the server (`@continuo/client/fold`) put the same task together. */
import { HELD_EXTENSION, PROGRESS_EXTENSION } from './extensions.js';

export { HELD_EXTENSION, PROGRESS_EXTENSION } from './extensions.js';

/** Of a part what the fold looks at. What SQL folds of it, for speed, is tested against what is here. */
export interface FoldedPart {
  readonly text?: string | undefined;
  readonly mediaType?: string | undefined;
  readonly filename?: string | undefined;
  readonly metadata?: unknown;
}

/** Of an artifact, or a chunk of one, what the fold looks at. */
export interface FoldedArtifact {
  readonly artifactId: string;
  readonly parts: readonly FoldedPart[];
}

/** A2A's TaskArtifactUpdateEvent; `append`: false replaces what the artifact held before. */
export interface FoldedChunk<Artifact extends FoldedArtifact> {
  readonly artifact: Artifact;
  readonly append: boolean;
}

/**
 * Whether a part is no part of its own but goes on in the one before it: text in text of the same kind, so that a streamed
 * document comes back as one part and not as thousands; and an empty text in whatever there is.
 */
export function goesOn(last: FoldedPart | undefined, next: FoldedPart): boolean {
  if (last === undefined || next.text === undefined || next.metadata !== undefined) return false;
  if (next.text === '') return true;
  return last.text !== undefined && last.mediaType === next.mediaType && last.filename === next.filename;
}

/** Parts as they come, joined where they go on: n chunks cost n. */
export class JoinedParts<Part extends FoldedPart> {
  readonly #parts: Part[] = [];
  /** Text of the last part, in pieces. */
  #pieces: string[] = [];
  #given = 0;

  /** How many parts were added, however they were joined. */
  get given(): number {
    return this.#given;
  }

  add(parts: readonly Part[]): void {
    for (const part of parts) {
      this.#given += 1;
      if (goesOn(this.#parts.at(-1), part)) {
        if (part.text !== undefined && part.text !== '') this.#pieces.push(part.text);
        continue;
      }
      this.#close();
      this.#parts.push(part);
      this.#pieces = part.text === undefined ? [] : [part.text];
    }
  }

  /** The parts so far. */
  toArray(): readonly Part[] {
    this.#close();
    return [...this.#parts];
  }

  #close(): void {
    const last = this.#parts.at(-1);
    if (last === undefined || this.#pieces.length < 2) return;
    const text = this.#pieces.join('');
    this.#parts[this.#parts.length - 1] = { ...last, text };
    this.#pieces = [text];
  }
}

/** The parts with what goes on in one piece. */
export function joinParts<Part extends FoldedPart>(parts: readonly Part[]): readonly Part[] {
  const joined = new JoinedParts<Part>();
  joined.add(parts);
  return joined.toArray();
}

/** An artifact without its parts: what `head` says, and what a chunk that is appended says in its place. */
export function headAfter<Artifact extends FoldedArtifact>(head: Artifact | undefined, chunk: Artifact): Artifact {
  const said = Object.entries(chunk).filter(([, value]) => value !== undefined);
  return { ...head, ...(Object.fromEntries(said) as Partial<Artifact>), parts: [] } as unknown as Artifact;
}

interface Draft<Artifact extends FoldedArtifact> {
  head: Artifact;
  readonly parts: JoinedParts<Artifact['parts'][number]>;
}

/** Artifacts as their chunks come: n chunks cost n. */
export class JoinedArtifacts<Artifact extends FoldedArtifact> {
  readonly #drafts = new Map<string, Draft<Artifact>>();

  add({ artifact, append }: FoldedChunk<Artifact>): void {
    const id = artifact.artifactId;
    const known = append ? this.#drafts.get(id) : undefined;
    const draft = known ?? { head: artifact, parts: new JoinedParts<Artifact['parts'][number]>() };
    draft.head = headAfter(known?.head, artifact);
    draft.parts.add(artifact.parts);
    if (known !== undefined) return;
    // Behind the others, as in the database, which knows nothing any more of what was replaced.
    this.#drafts.delete(id);
    this.#drafts.set(id, draft);
  }

  /** In the order in which their present contents began. */
  toArray(): readonly Artifact[] {
    return [...this.#drafts.values()].map(({ head, parts }) => ({ ...head, parts: parts.toArray() }));
  }
}

/** The artifacts after all `chunks` of one task, in the order in which their present contents began. */
export function foldArtifacts<Artifact extends FoldedArtifact>(
  chunks: Iterable<FoldedChunk<Artifact>>,
): readonly Artifact[] {
  const joined = new JoinedArtifacts<Artifact>();
  for (const chunk of chunks) joined.add(chunk);
  return joined.toArray();
}

/** Why a task is held: its agent's code contradicts what the task has done, or its agent was disconnected. */
export interface Held {
  /** What the task has finished: `step "load"`. */
  readonly finished: string;
  /** What the code does in its place: `step "load order"`. */
  readonly found: string;
  /** ISO 8601. */
  readonly since: string;
  /** The reason as a sentence, where it is none of the code's: `finished` and `found` say the same in two halves. */
  readonly reason?: string;
}

/** What a task that is held shows as its stage. */
export function heldStage({ finished, found, reason }: Pick<Held, 'finished' | 'found' | 'reason'>): string {
  if (reason !== undefined) return `Held: ${reason}`;
  return `Held: Finished: ${finished}; the code now runs: ${found}.`;
}

/** How far a task is; what nobody has said yet is undefined. */
export interface HowFar {
  /** A2A's state, as `TASK_STATE_WORKING`. */
  readonly state: string;
  /** 0 to 1. */
  readonly fraction: number | undefined;
  /** What its agent said last, also of a task that is held: that shows `heldStage` in its place. */
  readonly stage: string | undefined;
  /** 1, and one more after each retry. */
  readonly attempt: number;
  /** Undefined for a task that isn't held. */
  readonly held: Held | undefined;
}

/** Of A2A's TaskStatusUpdateEvent what the fold looks at. */
export interface FoldedStatusUpdate {
  readonly status: { readonly state: string };
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

const waiting: readonly string[] = ['TASK_STATE_INPUT_REQUIRED', 'TASK_STATE_AUTH_REQUIRED'];
const ended: readonly string[] = [
  'TASK_STATE_COMPLETED',
  'TASK_STATE_FAILED',
  'TASK_STATE_CANCELED',
  'TASK_STATE_REJECTED',
];

/** Whether nothing more comes of a task in this state, unless somebody has it tried again. */
export function hasEnded(state: string): boolean {
  return ended.includes(state);
}

/** Whether a task in this state waits for a person. */
export function isWaiting(state: string): boolean {
  return waiting.includes(state);
}

/** Where a task stands whose log says only that it was accepted. */
export const JUST_OPENED: HowFar = {
  state: 'TASK_STATE_SUBMITTED',
  fraction: undefined,
  stage: undefined,
  attempt: 1,
  held: undefined,
};

/** Where a task stands after another status. */
export function howFarAfter(before: HowFar, { status: { state }, metadata }: FoldedStatusUpdate): HowFar {
  const said = (metadata?.[PROGRESS_EXTENSION] ?? {}) as Partial<Pick<HowFar, 'fraction' | 'stage' | 'attempt'>>;
  const saidHeld = metadata?.[HELD_EXTENSION] as Held | null | undefined;
  // Whoever goes on after a wait does something else than what it waited with.
  const goesOnAfterWait = state === 'TASK_STATE_WORKING' && waiting.includes(before.state);
  return {
    state,
    fraction: said.fraction ?? before.fraction,
    stage: saidHeld ? before.stage : (said.stage ?? (goesOnAfterWait ? '' : before.stage)),
    attempt: said.attempt ?? before.attempt,
    held: heldAfter(before.held, state, saidHeld),
  };
}

/** Only a task that works is held, until an event says that it goes on. */
function heldAfter(before: Held | undefined, state: string, said: Held | null | undefined): Held | undefined {
  if (state !== 'TASK_STATE_WORKING' || said === null) return undefined;
  return said ?? before;
}

/** What a task shows as its progress. */
export function shownProgress({ state, fraction, stage, held }: Omit<HowFar, 'attempt'>): {
  readonly fraction: number;
  readonly stage: string;
} {
  const word = hasEnded(state) ? state.slice('TASK_STATE_'.length).toLowerCase() : '';
  return {
    fraction: state === 'TASK_STATE_COMPLETED' ? 1 : (fraction ?? 0),
    stage: held === undefined ? (stage ?? word) : heldStage(held),
  };
}

/** Of A2A's Task what its log begins with. */
export interface FoldedTask<Message> {
  readonly status: FoldedStatus<Message>;
  readonly history?: readonly Message[] | undefined;
}

export interface FoldedStatus<Message> {
  readonly state: string;
  readonly timestamp: string;
  readonly message?: Message | undefined;
}

/** Of A2A's StreamResponse what the fold looks at: exactly one of the three. */
export interface FoldedEvent<Artifact extends FoldedArtifact, Message, Status extends FoldedStatus<Message>> {
  readonly task?: (FoldedTask<Message> & { readonly status: Status }) | undefined;
  readonly statusUpdate?: (FoldedStatusUpdate & { readonly status: Status }) | undefined;
  readonly artifactUpdate?: FoldedChunk<Artifact> | undefined;
}

/** What a log says, event by event: the status, the conversation, how far it is, and the artifacts. */
export class LogFold<Artifact extends FoldedArtifact, Message, Status extends FoldedStatus<Message>> {
  readonly artifacts = new JoinedArtifacts<Artifact>();
  readonly history: Message[] = [];
  status: Status | undefined;
  howFar: HowFar = JUST_OPENED;

  add({ task, statusUpdate, artifactUpdate }: FoldedEvent<Artifact, Message, Status>): void {
    if (task !== undefined) {
      this.status = task.status;
      this.history.push(...(task.history ?? []));
    }
    if (artifactUpdate !== undefined) this.artifacts.add(artifactUpdate);
    if (statusUpdate === undefined) return;
    const { status } = statusUpdate;
    this.status = status;
    this.howFar = howFarAfter(this.howFar, statusUpdate);
    // A word on progress is not part of the conversation.
    if (status.message !== undefined && status.state !== 'TASK_STATE_WORKING') this.history.push(status.message);
  }
}
