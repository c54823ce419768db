/** Which session a call belongs to whose client names none, and sends all that was said before. */
import { createHash } from 'node:crypto';
import { derivedId } from '@continuo/agent/internal/platform/ids.js';
import { textOf, type Message } from '@continuo/agent/internal/sessions/message.js';
import { TOOLS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';
import { withoutClientCalls } from '@continuo/agent/internal/agents/tools/client-tools.js';
import { canonicalJson } from '../../platform/canonical-json.js';
import type { Caller } from '../../platform/caller.js';
import { sessionKey } from '../../sessions/append-messages.js';
import type { SessionsService } from '../../sessions/sessions.service.js';
import { MOST_MESSAGES, takeOver, type Saying } from '../take-over.js';
import type { Conversation } from './conversation.js';
import { standIn } from './stand-in.js';

/** Conversations that begin with the same words and are looked at, the newest first. */
const MOST_COMPARED = 20;

/**
 * Conversations that begin with the same words of the same caller to the same agent are numbered, and each number is a
 * session. A history is found again among the newest of them, by what was said, or else by what its client was told of it;
 * where it isn't, as its client has changed it or brings it from elsewhere, it is taken over into the next session.
 */
export class Conversations {
  constructor(private readonly sessions: SessionsService) {}

  /**
   * The session in which the history was said; a new one, with the history in it, when there is none. The one that
   * has the message `messageId`, where a request may be a repeated one. `begun`: it is there for this turn alone so far.
   */
  async sessionFor(
    caller: Caller,
    { agent, history, parts }: Conversation & { readonly agent: string },
    messageId: string | undefined,
  ): Promise<{ readonly contextId: string; readonly begun: boolean }> {
    const start = createHash('sha256')
      .update(canonicalJson([agent, firstParts(history) ?? parts]))
      .digest('hex');
    const idOf = (number: number): string => derivedId(`chat ${start} ${number}`);
    const next = await this.#next(caller, idOf);
    const newest = Array.from({ length: Math.min(next, MOST_COMPARED) }, (_, index) => idOf(next - 1 - index));
    for (const contextId of messageId === undefined ? [] : newest) {
      const said = await this.sessions.message(sessionKey(caller, contextId), messageId ?? '');
      if (said !== undefined) return { contextId, begun: false };
    }
    let alike: string | undefined;
    const sent = spoken(history);
    for (const contextId of history.length === 0 ? [] : newest) {
      const kept = await this.#kept(caller, contextId);
      if (isSame(kept, sent)) return { contextId, begun: false };
      if (alike === undefined && isTold(kept, sent)) alike = contextId;
    }
    if (alike !== undefined) return { contextId: alike, begun: false };
    // A repetition of the same request has to come to the same session, also while the first one is under way.
    const number = messageId === undefined ? await this.#begin(caller, next, idOf) : next;
    if (history.length > 0) await takeOver(this.sessions, caller, { agent, contextId: idOf(number), history });
    return { contextId: idOf(number), begun: messageId === undefined };
  }

  /** The number of a session that nobody else begins at the same moment, `next` or one behind it. */
  async #begin(caller: Caller, next: number, idOf: (number: number) => string): Promise<number> {
    let number = next;
    while (!(await this.sessions.begin(caller, idOf(number)))) number += 1;
    return number;
  }

  /** The first number without a session: in as many looks as the number has binary digits. */
  async #next(caller: Caller, idOf: (number: number) => string): Promise<number> {
    let [low, high] = [-1, 0];
    while (await this.sessions.exists(caller, idOf(high))) [low, high] = [high, high * 2 + 1];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (await this.sessions.exists(caller, idOf(middle))) low = middle;
      else high = middle;
    }
    return high;
  }

  async #kept(caller: Caller, contextId: string): Promise<Kept> {
    const size = MOST_MESSAGES;
    const page = await this.sessions.messages(caller, contextId, { size, token: '', order: 'desc' });
    const said = withoutClientCalls(page.messages.toReversed().map(({ message }) => message)).filter(isSaid);
    return { isWhole: page.nextPageToken === '', ...spoken(said.map(toSaying)) };
  }
}

/** What the user said before the agent's first answer, in however many messages; undefined for nothing. */
function firstParts(history: readonly Saying[]): Saying['parts'] | undefined {
  const begins = history.findIndex(({ role }) => role === 'user');
  if (begins === -1) return undefined;
  // A history ends with an answer.
  const answered = history.findIndex(({ role }, index) => index > begins && role === 'assistant');
  return history.slice(begins, answered).flatMap(({ parts }) => parts);
}

/** A conversation, as it is compared. */
interface Spoken {
  /** See inTurns. */
  readonly turns: readonly string[];
  /** See wordsOf. */
  readonly user: readonly string[];
  readonly agent: readonly string[];
}

/** What a session has of a conversation: of a longer one the end. */
interface Kept extends Spoken {
  readonly isWhole: boolean;
}

function spoken(said: readonly Saying[]): Spoken {
  return { turns: inTurns(said), user: wordsOf(said, 'user'), agent: wordsOf(said, 'assistant') };
}

/** What a client was told of: tools are the agent's own. */
function isSaid({ metadata }: Message): boolean {
  return metadata?.[TOOLS_EXTENSION] === undefined;
}

function toSaying({ role, parts }: Message): Saying {
  return { role: role === 'ROLE_USER' ? 'user' : 'assistant', parts };
}

/** The texts of who spoke in turns, as clients may send several messages for one, and trim them; calls of tools are no words. */
function inTurns(messages: readonly Saying[]): readonly string[] {
  const turns: { readonly role: string; readonly texts: string[] }[] = [];
  for (const { role, parts } of messages) {
    const text = textOf(parts).trim();
    if (text === '') continue;
    const last = turns.at(-1);
    if (last?.role === role) last.texts.push(text);
    else turns.push({ role, texts: [text] });
  }
  return turns.map(({ role, texts }) => `${role}: ${texts.join('\n\n')}`);
}

function isSame({ turns, isWhole }: Kept, sent: Spoken): boolean {
  return isWhole ? areSame(turns, sent.turns) : areSame(turns.slice(1), sent.turns.slice(1 - turns.length));
}

function areSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}

/**
 * Whether what was sent is what a client was told of what is kept. It was told more than an answer's own words: texts and links
 * of artifacts, and JSON where there were no words; and of an agent that answers nothing, texts are kept as its answer that
 * were told before. So the user has said the same, and the agent's words stand somewhere in what it has said (see standIn).
 */
function isTold({ user, agent, isWhole }: Kept, sent: Spoken): boolean {
  const [kept, said] = [user.join(' '), sent.user.join(' ')];
  if (isWhole ? kept !== said : !said.endsWith(kept)) return false;
  return standIn(sent.agent.join(' '), agent);
}

/** However they are spaced. */
function wordsOf(said: readonly Saying[], who: Saying['role']): readonly string[] {
  const parts = said.flatMap(({ role, parts: all }) => (role === who ? all : []));
  return parts.map(({ text = '' }) => text.replaceAll(/\s+/g, ' ').trim()).filter((words) => words !== '');
}
