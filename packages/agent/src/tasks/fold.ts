/** The fold of a task's log, the only one: server, console and clients (`@continuo/agent/fold`) put the same task together. */
import { HELD_EXTENSION, PROGRESS_EXTENSION } from './task.js';

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

/** The artifacts after all `chunks` of one task, in the order in which their present contents began. */
export function foldArtifacts<Artifact extends FoldedArtifact>(
  chunks: Iterable<FoldedChunk<Artifact>>,
): readonly Artifact[] {
  const drafts = new Map<string, Draft<Artifact>>();
  for (const { artifact, append } of chunks) {
    const id = artifact.artifactId;
    const known = append ? drafts.get(id) : undefined;
    const draft = known ?? { head: artifact, parts: new JoinedParts<Artifact['parts'][number]>() };
    draft.head = headAfter(known?.head, artifact);
    draft.parts.add(artifact.parts);
    if (known !== undefined) continue;
    // Behind the others, as in the database, which knows nothing any more of what was replaced.
    drafts.delete(id);
    drafts.set(id, draft);
  }
  return [...drafts.values()].map(({ head, parts }) => ({ ...head, parts: parts.toArray() }));
}

/** Why a task is held: its agent's code contradicts what the task has done. */
export interface Held {
  /** What the task has finished: `step "load"`. */
  readonly finished: string;
  /** What the code does in its place: `step "load order"`. */
  readonly found: string;
  /** ISO 8601. */
  readonly since: string;
}

/** What a task that is held shows as its stage. */
export function heldStage({ finished, found }: Pick<Held, 'finished' | 'found'>): string {
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
