/** Keeps events that are larger than a limit out of memory: of a large chunk of an artifact only its address comes through. */
import { CONTENT_EXTENSION } from './extensions.js';

/** Of the beginning and of the end of a large event: enough for what stands before the parts and behind them. */
const HEAD_CHARACTERS = 65_536;
const TAIL_CHARACTERS = 100;
const CHUNK = 'data: {"artifactUpdate":';

interface Head {
  readonly artifactUpdate: {
    readonly taskId: string;
    readonly contextId: string;
    readonly artifact: { readonly artifactId: string; readonly metadata?: Readonly<Record<string, unknown>> };
  };
}

/** Takes the text of an event stream, and answers with it, line by line. */
export class LargeEvents {
  #line: string[] = [];
  #characters = 0;
  /** Of the line under way, when it is too large. */
  #head: string | undefined;
  #tail = '';

  /** `most`: characters of an event that is an artifact's chunk. */
  constructor(private readonly most: number) {}

  take(text: string): string {
    const taken: string[] = [];
    const lines = text.split('\n');
    for (const [index, piece] of lines.entries()) {
      this.#add(piece);
      if (index < lines.length - 1) taken.push(this.#end(), '\n');
    }
    return taken.join('');
  }

  #add(piece: string): void {
    this.#characters += piece.length;
    if (this.#head !== undefined) {
      this.#tail = (this.#tail + piece.slice(-TAIL_CHARACTERS)).slice(-TAIL_CHARACTERS);
      return;
    }
    this.#line.push(piece);
    if (this.#characters <= this.most || !this.#line.slice(0, CHUNK.length).join('').startsWith(CHUNK)) return;
    const line = this.#line.join('');
    this.#head = line.slice(0, HEAD_CHARACTERS);
    this.#tail = line.slice(-TAIL_CHARACTERS);
    this.#line = [];
  }

  #end(): string {
    const line =
      this.#head === undefined ? this.#line.join('') : withoutContent(this.#head, this.#tail, this.#characters);
    this.#line = [];
    this.#characters = 0;
    this.#head = undefined;
    return line;
  }
}

/** The chunk with an address in place of its parts; an empty event where its head doesn't say of which artifact it is. */
function withoutContent(head: string, tail: string, characters: number): string {
  const parts = /"parts"\s*:\s*\[/.exec(head);
  if (parts === null) return 'data: {}';
  let update: Head['artifactUpdate'];
  try {
    const json = `${head.slice('data: '.length, parts.index)}"parts":[]}}}`;
    update = (JSON.parse(json) as Head).artifactUpdate;
  } catch {
    return 'data: {}';
  }
  const { taskId, artifact } = update;
  const uri = artifactPath(taskId, artifact.artifactId);
  const metadata = { ...artifact.metadata, [CONTENT_EXTENSION]: { uri, bytes: characters } };
  const flag = (name: string): boolean => new RegExp(`"${name}"\\s*:\\s*true`).test(tail);
  const chunk = {
    ...update,
    artifact: { ...artifact, metadata },
    append: flag('append'),
    lastChunk: flag('lastChunk'),
  };
  return `data: ${JSON.stringify({ artifactUpdate: chunk })}`;
}

/** Where the content of an artifact is, among the paths of the API. */
function artifactPath(taskId: string, artifactId: string): string {
  return `/tasks/${taskId}/artifacts/${encodeURIComponent(artifactId)}`;
}
