/** Reads Server-Sent Events as a browser does: frame by frame, coming back behind the last one that it has seen. */

export interface EventFrame {
  /** Undefined for a frame without one. */
  readonly id: number | undefined;
  /** The id as it came; that of streams over many tasks is no number. */
  readonly position: string | undefined;
  /** Parsed JSON. */
  readonly data: unknown;
}

/** The frames of a stream until it ends; comments are left out. Rejects when it breaks off, or is none. */
export async function* framesOf(response: Response): AsyncGenerator<EventFrame, void> {
  if (response.status !== 200) throw new Error(`no stream but ${response.status}: ${await response.text()}`);
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    yield* blocks.flatMap(toFrame);
  }
}

/** All frames of a stream that ends by itself. */
export async function allFramesOf(response: Response): Promise<readonly EventFrame[]> {
  const frames: EventFrame[] = [];
  for await (const frame of framesOf(response)) frames.push(frame);
  return frames;
}

function toFrame(block: string): readonly EventFrame[] {
  const lines = block.split('\n');
  const id = lines.find((line) => line.startsWith('id: '))?.slice(4);
  const data = lines.filter((line) => line.startsWith('data: ')).map((line) => line.slice(6));
  if (data.length === 0) return [];
  return [{ id: id === undefined ? undefined : Number(id), position: id, data: JSON.parse(data.join('\n')) }];
}

/** A subscriber that remembers what it has seen, as EventSource does. */
export class ResumingReader {
  readonly frames: EventFrame[] = [];

  constructor(private readonly url: string) {}

  /** The ids seen so far, in the order in which they came. */
  get ids(): readonly (number | undefined)[] {
    return this.frames.map((frame) => frame.id);
  }

  /** Reads until `enough`, or to the end of the stream; `broken` when the connection was lost. */
  async read(enough: (frame: EventFrame) => boolean = () => false): Promise<'enough' | 'ended' | 'broken'> {
    const last = this.frames.at(-1)?.id;
    const client = new AbortController();
    const headers: Record<string, string> = last === undefined ? {} : { 'last-event-id': String(last) };
    const response = await fetch(this.url, { headers, signal: client.signal });
    if (response.status === 204) return 'ended';
    const frames = framesOf(response);
    try {
      for (;;) {
        const next = await frames.next().catch((error: unknown) => {
          if (error instanceof TypeError && error.message === 'terminated') return undefined;
          throw error;
        });
        if (next === undefined) return 'broken';
        if (next.done === true) return 'ended';
        this.frames.push(next.value);
        if (enough(next.value)) return 'enough';
      }
    } finally {
      client.abort();
    }
  }
}
