/** One event stream for all tabs of a browser: the tab that has the turn reads it and passes on what comes; after it another one goes on. */
import { isBefore, type Connection, type StreamEvent } from '@continuo/client';
import { follow } from './stream.js';
import { Turns } from './turns.js';

/** How often a tab that hears nothing asks whether somebody reads. */
const ASK_EVERY_MS = 3_000;
/** So many questions without an answer, and it reads itself. */
const MOST_UNANSWERED = 3;

export interface FeedHandlers {
  /** Each once, in order. */
  readonly onEvents: (events: readonly StreamEvent[]) => void;
  readonly onConnection: (connection: Connection) => void;
  /** From now on nothing is missed, but what has happened before is unknown. */
  readonly onGap: () => void;
}

export interface SharedStreamOptions extends FeedHandlers {
  readonly url: string;
  /** The same for all that share the stream. */
  readonly name: string;
}

/** Positions compare within one line alone; a reader that knows no position, or whose position the server forgot, begins another one. */
interface Place {
  readonly line: string;
  readonly position: string;
}

type Word =
  | { readonly kind: 'ask' }
  /** `term` says which reader is the newest. `at` is undefined until it has read something. */
  | { readonly kind: 'state'; readonly term: number; readonly connection: Connection; readonly at: Place | undefined }
  /** There is no event between `at` and the first of these. */
  | { readonly kind: 'events'; readonly term: number; readonly at: Place; readonly events: readonly StreamEvent[] };

/** Answers with how to stop. */
export function followTogether(options: SharedStreamOptions): () => void {
  const stream = new SharedStream(options);
  return () => stream.stop();
}

class SharedStream {
  readonly #channel: BroadcastChannel;
  readonly #turns: Turns;
  readonly #timer: ReturnType<typeof setInterval>;
  #connection: Connection = 'connecting';
  #at: Place | undefined;
  #term = 0;
  /** How this tab stops reading; undefined while another one reads. */
  #stopReading: (() => void) | undefined;
  #unanswered = 0;
  #arrived: StreamEvent[] = [];

  constructor(private readonly options: SharedStreamOptions) {
    this.#channel = new BroadcastChannel(options.name);
    this.#channel.addEventListener('message', ({ data }: MessageEvent<Word>) => this.#hear(data));
    this.#turns = new Turns(options.name, (over) => this.#read(over));
    this.#timer = setInterval(() => this.#ask(), ASK_EVERY_MS);
    document.addEventListener('visibilitychange', this.#look);
    this.#say({ kind: 'ask' });
  }

  stop(): void {
    clearInterval(this.#timer);
    document.removeEventListener('visibilitychange', this.#look);
    this.#turns.stop();
    this.#stopReading?.();
    this.#channel.close();
  }

  /** Until another tab takes over, or the server refuses for good: then this tab wants no other turn. */
  #read(over: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      this.#term = Math.max(Date.now(), this.#term + 1);
      const stop = follow({
        url: this.options.url,
        ...(this.#at === undefined ? {} : { after: this.#at.position }),
        onReset: () => (this.#at = undefined),
        // It is open when the server has said where it begins.
        onConnection: (connection) => (connection === 'open' ? undefined : this.#note(connection)),
        onEvent: (event) => (event.event === 'open' ? this.#open(event) : this.#collect(event)),
        onEnd: () => {
          resolve(false);
          this.stop();
        },
      });
      this.#stopReading = () => {
        this.#pass();
        this.#stopReading = undefined;
        stop();
        resolve(true);
      };
      over.addEventListener('abort', () => this.#stopReading?.());
      this.#note('connecting');
    });
  }

  #open({ id }: StreamEvent): void {
    if (this.#at === undefined) this.#begin({ line: `${Date.now()} ${Math.random()}`, position: id });
    this.#note('open');
  }

  /** What comes at once is passed on at once: no timer, because those of a hidden tab are late. */
  #collect(event: StreamEvent): void {
    if (this.#arrived.length === 0) queueMicrotask(() => this.#pass());
    this.#arrived.push(event);
  }

  #pass(): void {
    const events = this.#arrived;
    this.#arrived = [];
    const at = this.#at;
    if (at === undefined || events.length === 0) return;
    this.#say({ kind: 'events', term: this.#term, at, events });
    this.#take(events, at);
  }

  #hear(word: Word): void {
    if (word.kind === 'ask') {
      if (this.#stopReading !== undefined) this.#sayState();
      return;
    }
    // One that was replaced may not know it yet.
    if (word.term <= this.#term && this.#stopReading !== undefined) return;
    if (word.term < this.#term) return;
    this.#stopReading?.();
    this.#term = word.term;
    this.#unanswered = 0;
    const { at } = word;
    if (at !== undefined && (at.line !== this.#at?.line || isBefore(this.#at.position, at.position))) this.#begin(at);
    if (word.kind === 'events') this.#take(word.events, word.at);
    else this.#note(word.connection);
  }

  #begin(at: Place): void {
    this.#at = at;
    this.options.onGap();
  }

  /** What another reader has passed on already is left out. */
  #take(events: readonly StreamEvent[], { line }: Place): void {
    const from = this.#at?.position ?? '';
    const fresh = events.filter(({ id }) => isBefore(from, id));
    const last = fresh.at(-1);
    if (last === undefined) return;
    this.#at = { line, position: last.id };
    this.options.onEvents(fresh);
  }

  readonly #look = (): void => {
    if (document.visibilityState === 'visible' && this.#stopReading === undefined) this.#say({ kind: 'ask' });
  };

  #ask(): void {
    if (this.#stopReading !== undefined) return;
    this.#unanswered += 1;
    if (this.#unanswered > MOST_UNANSWERED) {
      this.#unanswered = 0;
      this.#note('connecting');
      this.#turns.steal();
    } else if (this.#unanswered > 1) {
      this.#say({ kind: 'ask' });
    }
  }

  /** Tells the other tabs as well, if they depend on this one. */
  #note(connection: Connection): void {
    this.#connection = connection;
    this.options.onConnection(connection);
    if (this.#stopReading !== undefined) this.#sayState();
  }

  #sayState(): void {
    this.#say({ kind: 'state', term: this.#term, connection: this.#connection, at: this.#at });
  }

  #say(word: Word): void {
    this.#channel.postMessage(word);
  }
}
