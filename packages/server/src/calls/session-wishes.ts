/** What a call may say of its session, in the metadata of its message or its request. */
import type { AgentDescription } from '@continuo/agent/internal/agents/a2a-agent.js';
import { invalidArgument } from '@continuo/agent/internal/platform/errors.js';
import { conversationModes, type ConversationMode } from '@continuo/agent/internal/tasks/conversation-modes.js';
import { SESSIONS_EXTENSION } from '@continuo/agent/internal/tasks/task.js';

type Metadata = Readonly<Record<string, unknown>> | undefined;

/** As the agent says, unless the call says otherwise with `metadata["urn:continuo:a2a:sessions:v1"] = { conversation }`. */
export function conversationMode(agent: AgentDescription, ...metadata: readonly Metadata[]): ConversationMode {
  for (const values of metadata) {
    const wish = values?.[SESSIONS_EXTENSION];
    if (typeof wish !== 'object' || wish === null || !('conversation' in wish)) continue;
    const mode = conversationModes.find((known) => known === wish.conversation);
    if (mode !== undefined) return mode;
    const field = `metadata["${SESSIONS_EXTENSION}"].conversation`;
    throw invalidArgument(field, `one of ${conversationModes.join(', ')}`);
  }
  return agent.conversation;
}

/** A call opts out of its session with `metadata["urn:continuo:a2a:sessions:v1"] = { stateless: true }`. */
export function optsOut(...metadata: readonly Metadata[]): boolean {
  return metadata.some((values) => {
    const wish = values?.[SESSIONS_EXTENSION];
    return typeof wish === 'object' && wish !== null && 'stateless' in wish && wish.stateless === true;
  });
}
