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

/** Conversations that begin with the same words and are looked at, the newest first. */
const MOST_COMPARED = 20;

/**
 * Conversations that begin with the same words of the same caller to the same agent are numbered, and each number is a
 * session. A history is found again among the newest of them, by what was said; where it isn't, as its client has changed
 * it or brings it from elsewhere, it is taken over into the next session.
 */
export class Conversations {
  constructor(private readonly sessions: SessionsService) {}

  /**
   * The session in which exactly the history was said; a new one, with the history in it, when there is none. The one that
   * has the message `messageId`, where a request may be a repeated one.
   */
  async sessionFor(
    caller: Caller,
    { agent, history, parts }: Conversation & { readonly agent: string },
    messageId: string | undefined,
  ): Promise<string> {
    const first = history.find(({ role }) => role === 'user')?.parts ?? parts;
    const start = createHash('sha256')
      .update(canonicalJson([agent, first]))
      .digest('hex');
    const idOf = (number: number): string => derivedId(`chat ${start} ${number}`);
    const next = await this.#next(caller, idOf);
    const newest = Array.from({ length: Math.min(next, MOST_COMPARED) }, (_, index) => idOf(next - 1 - index));
    for (const contextId of messageId === undefined ? [] : newest) {
      const said = await this.sessions.message(sessionKey(caller, contextId), messageId ?? '');
      if (said !== undefined) return contextId;
    }
    for (const contextId of history.length === 0 ? [] : newest) {
      if (await this.#has(caller, contextId, history)) return contextId;
    }
    if (history.length > 0) await takeOver(this.sessions, caller, { agent, contextId: idOf(next), history });
    return idOf(next);
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

  async #has(caller: Caller, contextId: string, history: readonly Saying[]): Promise<boolean> {
    const size = MOST_MESSAGES;
    const page = await this.sessions.messages(caller, contextId, { size, token: '', order: 'desc' });
    const said = withoutClientCalls(page.messages.toReversed().map(({ message }) => message)).filter(isSaid);
    const kept = inTurns(said.map(toSaying));
    const sent = inTurns(history);
    // Of a longer conversation the end is compared.
    return page.nextPageToken === '' ? isSame(kept, sent) : isSame(kept.slice(1), sent.slice(1 - kept.length));
  }
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

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, index) => text === other[index]);
}
