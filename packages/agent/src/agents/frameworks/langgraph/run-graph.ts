/** Runs a graph as a task: from what earlier runs have kept of it to its answer, with the questions that it has for people. */
import { AIMessage } from '@langchain/core/messages';
import { Command, type Interrupt } from '@langchain/langgraph';
import { TerminalError } from '../../../platform/errors.js';
import { isObject } from '../../../platform/json-object.js';
import { isNothing } from '../../../platform/text.js';
import type { TakenUp } from '../../../runs/taken-up.js';
import type { AgentAnswer } from '../../a2a-agent-base.service.js';
import { currentRun } from '../../run-scope.js';
import type { JsonSchema, TaskContext } from '../../task-context.js';
import { fromHere, stepsFromHere } from '../from-here.js';
import type { LangGraphOptions } from '../langgraph-options.js';
import { sessionMemory } from '../session-memory.js';
import type { Graph } from './graph.js';
import { GraphAnswer } from './graph-answer.js';
import { GraphCallbacks, nodeIn, type NodeTask } from './graph-callbacks.js';
import { answerIn, toGraphMessages } from './graph-messages.js';
import { GraphSaver } from './graph-saver.js';
import { GraphSteps } from './graph-steps.js';
import { KeptGraph, type KeptRecord, type KeptValue } from './kept-graph.js';
import { missingNode } from './missing-node.js';

/** What the step `input` has kept. */
interface KeptInput {
  readonly input: KeptValue;
}

/** `graph`: compiled, without a checkpointer that matters: it is given one of the task. */
export function runGraph<State>(
  graph: Graph,
  task: TaskContext,
  options: LangGraphOptions<State>,
): Promise<AgentAnswer> {
  return task.branch('graph', () => new GraphRun(graph, task, options).answer());
}

class GraphRun<State> {
  readonly #kept = new KeptGraph();
  readonly #here = fromHere();
  readonly #steps: Pick<TaskContext, 'step'>;
  readonly #nodes: GraphSteps;
  readonly #saver: GraphSaver;
  readonly #graph: Graph;
  readonly #said: GraphAnswer;
  readonly #callbacks: GraphCallbacks;
  /** By interrupt. */
  readonly #answers = new Map<string, unknown>();

  constructor(
    graph: Graph,
    private readonly task: TaskContext,
    private readonly options: LangGraphOptions<State>,
  ) {
    this.#steps = stepsFromHere(task);
    this.#nodes = new GraphSteps(this.#kept, this.#steps);
    this.#saver = new GraphSaver(this.#kept, this.#nodes);
    // A copy: another task may run the graph at the same time.
    this.#graph = graph.withConfig({});
    this.#graph.checkpointer = this.#saver;
    this.#said = new GraphAnswer({ task, here: this.#here, isUnderWay: (node) => this.#nodes.isUnderWay(node) });
    this.#callbacks = new GraphCallbacks({
      begins: (node) => this.#begins(node),
      within: (node, work) => this.#nodes.within(node, work),
    });
  }

  async answer(): Promise<AgentAnswer> {
    const begun = await this.#takeUp(currentRun()?.takeUp?.());
    await this.#ask();
    const isNew = this.#kept.find('') === undefined;
    await this.#run(isNew ? await this.#saver.given(begun ?? (await this.#begin())) : await this.#goesOn());
    while (this.#kept.waiting.length > 0) {
      const answered = this.#answers.size;
      await this.#ask();
      if (this.#answers.size === answered) throw new TerminalError('The graph asks again what it was answered.');
      await this.#run(await this.#goesOn());
    }
    const { values } = await this.#graph.getState(this.#config);
    const answer = this.options.output === undefined ? answerIn(values) : await this.options.output(values as State);
    if (typeof answer === 'string' || Array.isArray(answer)) await this.#said.end(answer);
    return answer;
  }

  get #config(): { readonly configurable: Readonly<Record<string, unknown>> } {
    return { configurable: { thread_id: this.task.session.id } };
  }

  /** What earlier runs have kept; answers with the graph's input, where that is all. */
  async #takeUp(taken: TakenUp | undefined): Promise<KeptValue | undefined> {
    const results = (taken?.results ?? []) as readonly (KeptInput | readonly KeptRecord[])[];
    for (const record of results.flatMap((kept) => ('input' in kept ? [] : kept))) this.#kept.apply(record);
    const missing = await missingNode(this.#graph, this.#kept, (value) => this.#saver.given(value));
    if (missing !== undefined) await taken?.hold(`a graph without the node "${missing}"`);
    return results.find((kept) => 'input' in kept)?.input;
  }

  async #begin(): Promise<KeptValue> {
    const { task, options } = this;
    const history = await sessionMemory(task);
    const { input } = await this.#steps.step('input', async (): Promise<KeptInput> => {
      const given = (await options.input?.(task.message, history)) ?? {
        messages: toGraphMessages(history, task.message),
      };
      return { input: await this.#saver.kept(given) };
    });
    return input;
  }

  /** What the graph is given to go on: answers to what it waits for, or nothing. */
  async #goesOn(): Promise<Command | null> {
    const waiting = (await Promise.all(this.#kept.waiting.map((kept) => this.#interruptsIn(kept)))).flat();
    if (waiting.length === 0) return null;
    return new Command({ resume: Object.fromEntries(waiting.map(({ id = '' }) => [id, this.#answers.get(id)])) });
  }

  async #run(input: unknown): Promise<void> {
    const { signal } = this.task;
    const stop = new AbortController();
    try {
      const chunks = await this.#graph.stream(input, {
        ...this.#config,
        streamMode: ['messages', 'custom'],
        subgraphs: true,
        // A node begins when what it begins with is kept.
        durability: 'sync',
        signal: AbortSignal.any([signal, stop.signal]),
        callbacks: [this.#callbacks],
      });
      for await (const [, mode, said] of chunks as AsyncIterable<[unknown, string, unknown]>) {
        await (mode === 'messages'
          ? this.#hear(said as [unknown, Readonly<Record<string, unknown>>])
          : this.#note(said));
      }
    } catch (error) {
      stop.abort();
      signal.throwIfAborted();
      throw error;
    }
    signal.throwIfAborted();
  }

  async #begins(node: NodeTask): Promise<void> {
    await this.#nodes.begin(node.id, node.name);
    if (node.isOuter) await this.#here(() => this.task.progress(0, node.name));
  }

  async #hear([message, metadata]: [unknown, Readonly<Record<string, unknown>>]): Promise<void> {
    const node = nodeIn(metadata);
    if (node === undefined || !AIMessage.isInstance(message)) return;
    await this.#said.add(message.id ?? node.id, node, message.text);
  }

  /** What a node writes to the stream for itself is progress, if it looks like that. */
  async #note(said: unknown): Promise<void> {
    if (!isObject(said)) return;
    const { fraction, stage } = said;
    if (typeof fraction !== 'number' || !Number.isFinite(fraction)) return;
    await this.#here(() => this.task.progress(fraction, typeof stage === 'string' ? stage : undefined));
  }

  /** Everything that the graph has asked, in its order: each run comes by all of it, and finds what was answered. */
  async #ask(): Promise<void> {
    const all = (await Promise.all(this.#kept.interrupts.map((kept) => this.#interruptsIn(kept)))).flat();
    for (const interrupt of all) {
      const { id = '' } = interrupt;
      if (!this.#answers.has(id)) this.#answers.set(id, await this.#answerTo(interrupt));
    }
  }

  async #interruptsIn(kept: KeptValue): Promise<readonly Interrupt[]> {
    return (await this.#saver.given(kept)) as readonly Interrupt[];
  }

  async #answerTo({ value, response_schema: schema }: Interrupt): Promise<unknown> {
    // `interrupt('')` is a pause for graphs, where there is nothing to read.
    const question = typeof value === 'string' && !isNothing(value) ? value : [{ data: value ?? null }];
    const options = isObject(schema) ? { schema: schema as JsonSchema } : {};
    const { data, text } = await this.#here(() => this.task.requestInput(question, options));
    return data ?? text;
  }
}
