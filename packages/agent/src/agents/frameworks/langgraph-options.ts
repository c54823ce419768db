/** What `fromLangGraph` is given. LangGraph's own types are not named here: whoever has no graphs need not install it. */
import type { Message } from '../../sessions/message.js';
import type { AgentAnswer } from '../a2a-agent-base.service.js';

/** What is looked at of a compiled graph, whatever its state is. */
export interface LangGraph {
  /** By name. */
  readonly nodes: object;
  /** The parts of its state. */
  readonly channels: object;
  /** A copy of it. */
  withConfig(config: object): unknown;
}

/** What a task gives to a graph, and takes from it; `State` is the graph's. Errors thrown here fail the task. */
export interface LangGraphOptions<State = unknown> {
  /**
   * What the graph is begun with: called once in a task. `history`: the session's last 100 messages before this one, oldest
   * first. Default: `{ messages }`, of all of them.
   */
  readonly input?: ((message: Message, history: readonly Message[]) => unknown) | undefined;
  /** The answer, from the state in which the graph ended. Default: the text of the last message of a model in `messages`. */
  readonly output?: ((state: State) => AgentAnswer | Promise<AgentAnswer>) | undefined;
}
