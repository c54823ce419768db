/** `fromLangGraph`: a graph of LangGraph.js as an agent of Continuo. */
import { isObject } from '../../platform/json-object.js';
import { A2AAgentBaseService, type AgentAnswer } from '../a2a-agent-base.service.js';
import type { TaskContext } from '../task-context.js';
import type { LangGraph, LangGraphOptions } from './langgraph-options.js';
import type { Graph } from './langgraph/graph.js';

/** An agent that a graph answers for: what `fromLangGraph` makes. */
export interface LangGraphAgentBaseService extends A2AAgentBaseService {
  /** Does the task with the graph. */
  execute(task: TaskContext): Promise<AgentAnswer>;
}

/**
 * A base class for a graph of LangGraph.js, compiled: mark the class that extends it with `@A2AAgent`. It needs the package
 * `@langchain/langgraph` (1.x).
 *
 * Durable: each node is a step. After a crash, on whichever instance, the graph goes on from the nodes that have finished,
 * those included that ran beside others which had not; a node that was under way runs again, from its beginning. What
 * `interrupt()` is given is asked of a person, for as long as that takes, and the answer is what it gives back. What a model
 * says is streamed into the artifact `answer`, one message at a time; the last one stays. The session is the memory: the graph
 * is shown its last 100 messages, as far as they fit into some 64,000 tokens, and begins anew with each task. Tokens count into the task's usage and budgets.
 *
 * Not durable: what a node does besides giving back its update. What it must not do twice belongs into a node of its own.
 *
 * A task whose next node the graph has no more, after a deploy, is held. A checkpointer that the graph was compiled with is not
 * used. Throws TypeError for what isn't a compiled graph, and for one with `interruptBefore` or `interruptAfter`, at which nobody could be
 * asked anything: call `interrupt()` in a node.
 *
 * @example
 * const graph = new StateGraph(MessagesAnnotation)
 *   .addNode('research', research)
 *   .addNode('write', write)
 *   .addEdge(START, 'research')
 *   .addEdge('research', 'write')
 *   .compile();
 *
 * @A2AAgent({ type: 'support', name: 'reports', version: '1.0.0', description: 'Writes reports.' })
 * export class ReportsAgent extends fromLangGraph(graph) {}
 */
export function fromLangGraph<State>(
  graph: LangGraph,
  options: LangGraphOptions<State> = {},
): new () => LangGraphAgentBaseService {
  const own = checked(graph);
  return class extends A2AAgentBaseService {
    async execute(task: TaskContext): Promise<AgentAnswer> {
      const { runGraph } = await import('./langgraph/run-graph.js');
      return runGraph(own, task, options);
    }
  };
}

function checked(graph: unknown): Graph {
  if (!isObject(graph) || !isObject(graph['nodes']) || typeof graph['withConfig'] !== 'function') {
    throw new TypeError('fromLangGraph: expected a compiled graph of LangGraph, as builder.compile() gives it');
  }
  for (const name of ['interruptBefore', 'interruptAfter']) {
    const nodes = graph[name];
    if (nodes !== undefined && (!Array.isArray(nodes) || nodes.length > 0)) {
      throw new TypeError(`fromLangGraph: a graph with ${name} can't ask people; call interrupt() in a node instead`);
    }
  }
  return graph as unknown as Graph;
}
