/** What a model is shown of a session: the newest messages within a budget, and a summary of those before. */
import type { Message } from '../../sessions/message.js';
import type { Checkpoint, SessionWindow } from '../../sessions/session-window.js';
import { estimateTokens, tokensIn } from './tokens.js';

/** Rows that a turn reads of a session, whatever its length. */
const MOST_MESSAGES = 200;

export interface History {
  /** Of everything before the messages. */
  readonly summary?: string;
  /** Oldest first. */
  readonly messages: readonly Message[];
  /** The tasks of messages that have not ended, as far as it matters. */
  readonly working?: ReadonlySet<string>;
}

/** What is to be summed up. */
export interface Older {
  /** What the new summary takes the place of. */
  readonly summary: string | undefined;
  /** How many messages between that and these nobody has read. */
  readonly unread: number;
  readonly messages: readonly Message[];
}

export interface HistorySources {
  /** Tokens, estimated, of the messages and no more. */
  readonly budget: number;
  /** The last checkpoint, and at most so many messages behind it. */
  readonly read: (limit: number) => Promise<SessionWindow>;
  readonly summarise: (older: Older) => Promise<string>;
  readonly save: (checkpoint: Checkpoint) => Promise<void>;
  /** Told why the older part could not be summed up. */
  readonly failed: (error: unknown) => void;
}

/**
 * While everything behind the last checkpoint fits into the budget, that is the history. When it doesn't, the newest
 * messages that fit into half of it stay, and a new checkpoint takes in the others: so it happens once in a while, and
 * not in each turn. When that fails, the newest messages that fit are shown, and the next turn tries again. Throws what
 * `read` throws.
 */
export async function boundedHistory({ budget, read, summarise, save, failed }: HistorySources): Promise<History> {
  const { checkpoint, messages } = await read(MOST_MESSAGES);
  const summary = checkpoint?.summary;
  const all = newest(messages, budget, MOST_MESSAGES - 1);
  if (all.length === messages.length) return historyOf(summary, all);
  const kept = newest(messages, budget / 2, MOST_MESSAGES / 2);
  const older = messages.slice(0, messages.length - kept.length);
  const upToSeq = older.at(-1)?.seq ?? 0;
  const unread = (older[0]?.seq ?? 1) - 1 - (checkpoint?.upToSeq ?? 0);
  try {
    const next = await summarise({ summary, unread, messages: older.map(({ message }) => message) });
    await save({ upToSeq, summary: next });
    return historyOf(next, kept);
  } catch (error) {
    failed(error);
    return historyOf(summary, all);
  }
}

/** Tokens, estimated. */
export function tokensOfHistory({ summary = '', messages }: History): number {
  return messages.reduce((sum, message) => sum + estimateTokens(message), tokensIn(summary));
}

type Numbered = SessionWindow['messages'];

/** From the end, as many as fit. */
function newest(messages: Numbered, budget: number, most: number): Numbered {
  let tokens = 0;
  let from = messages.length;
  for (const { message } of messages.toReversed()) {
    tokens += estimateTokens(message);
    if (tokens > budget || messages.length - from === most) break;
    from -= 1;
  }
  return messages.slice(from);
}

function historyOf(summary: string | undefined, messages: Numbered): History {
  return { ...(summary === undefined ? {} : { summary }), messages: messages.map(({ message }) => message) };
}
