/** What `fromLangGraph` is given. LangGraph's own types are not named here: whoever has no graphs need not install it. */
import type { Message } from '../../sessions/message.js';
import type { AgentAnswer } from '../a2a-agent-base.service.js';

/** What is looked at of a compiled graph, whatever its state is. */
export interface LangGraph {
  readonly nodes: object;
  readonly channels: object;
  withConfig(config: object): unknown;
}

export interface LangGraphOptions<State = unknown> {
  /**
   * What the graph is begun with: called once in a task. `history`: the session's last 100 messages before this one, oldest
   * first. Default: `{ messages }`, of all of them.
   */
  readonly input?: (message: Message, history: readonly Message[]) => unknown;
  /** The answer, from the state in which the graph ended. Default: the text of the last message of a model in `messages`. */
  readonly output?: (state: State) => AgentAnswer | Promise<AgentAnswer>;
}
