/** Has the language model write the title of a session, once, where the session still has the one that it got by itself. */
import type { AgentRegistry } from '@continuo/agent/internal/agents/agent-registry.js';
import { derivedId } from '@continuo/agent/internal/platform/ids.js';
import type { Caller } from '../../platform/caller.js';
import { sessionKey } from '../../sessions/append-messages.js';
import type { SessionsService } from '../../sessions/sessions.service.js';
import { TITLE_WRITER } from '../../tasks/server-agents.js';
import type { Intake } from '../intake.js';
import { firstExchange } from './first-exchange.js';
import { MOST_MESSAGES, titleTask, TitleWriter } from './title-writer.js';

export class SessionTitles {
  constructor(
    private readonly registry: AgentRegistry,
    private readonly sessions: SessionsService | undefined,
    private readonly calls: Intake,
  ) {}

  /**
   * Begins the task that writes it, in the session and without being said in it: it goes with the session when that is
   * deleted. Does nothing without a model, before the first answer, for a title that somebody gave, and a second time.
   * Throws SESSION_NOT_FOUND.
   */
  async write(caller: Caller, contextId: string): Promise<void> {
    const session = await this.sessions?.get(caller, contextId);
    if (session === undefined || session.messageCount > MOST_MESSAGES || !this.#canWrite()) return;
    const key = sessionKey(caller, contextId);
    const taskId = titleTask(key);
    const messageId = derivedId(`message of ${taskId}`);
    const begun = firstExchange((await this.sessions?.history(key, messageId, MOST_MESSAGES)) ?? []);
    if (begun === undefined || begun.plain !== session.title) return;
    await this.calls.send(
      caller,
      TITLE_WRITER,
      { messageId, contextId, role: 'ROLE_USER', parts: [{ text: 'Write a title for this session.' }] },
      { by: null, taskId, inConversation: true, namedMessage: true, sessionMustExist: true },
    );
  }

  #canWrite(): boolean {
    if (!this.registry.has(TITLE_WRITER)) return false;
    const { agent } = this.registry.get(TITLE_WRITER);
    return agent instanceof TitleWriter && agent.canWrite;
  }
}
