/** Graphs of LangGraph: their nodes are durable, they ask people, stream, remember, and are counted. */
import { A2AAgent, fromLangGraph, type LangGraph, type LangGraphOptions } from '@continuo/agent';
import { testTask } from '@continuo/agent/testing';
import { AIMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import {
  Annotation,
  END,
  entrypoint,
  interrupt,
  MessagesAnnotation,
  Send,
  START,
  StateGraph,
  task as graphTask,
} from '@langchain/langgraph';
import { ToolNode } from '@langchain/langgraph/prebuilt';
import { ChatOpenAI } from '@langchain/openai';
import { beforeAll, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { at, call } from '../support/http-calls.js';
import type { Reply } from '../support/model-reply.js';
import { startModelServer, type ModelServer } from '../support/model-server.js';
import { startOpenAiServer, type ChatRequest, type OpenAiServer } from '../support/openai-server.js';

type Agent = Parameters<typeof startModelServer>[0][number];

let openAi: OpenAiServer;
let server: ModelServer;
let model: ChatOpenAI;
let Clerk: Agent;
/** What nodes and tools have done, in order. */
const done: string[] = [];

/** What the model of an order clerk says, by what it was told so far. */
function clerk({ messages }: ChatRequest): Reply {
  const results = messages.filter(({ role }) => role === 'tool').map(({ content }) => String(content));
  const wish = String(messages.findLast(({ role }) => role === 'user')?.content);
  if (wish.includes('before')) {
    return { kind: 'answer', words: [`You wrote ${messages.filter(({ role }) => role === 'user').length} times.`] };
  }
  const order = /\d+/.exec(wish)?.[0] ?? '';
  if (results.length === 0) {
    return { kind: 'calls', words: ['Let me see. '], calls: [{ name: 'look_up', input: { order } }] };
  }
  return { kind: 'answer', words: ['It is: ', results.at(-1) ?? '', '.'] };
}

const lookUp = tool(
  ({ order }) => {
    done.push(`look up ${order}`);
    return `order ${order} is on its way`;
  },
  { name: 'look_up', description: 'Looks an order up.', schema: z.object({ order: z.string() }) },
);

/** The loop of a model with tools, as LangGraph's documentation writes it. */
function loop(): LangGraph {
  const asking = model.bindTools([lookUp]);
  return new StateGraph(MessagesAnnotation)
    .addNode('model', async ({ messages }) => ({ messages: [await asking.invoke(messages)] }))
    .addNode('tools', new ToolNode([lookUp]))
    .addEdge(START, 'model')
    .addConditionalEdges('model', ({ messages }) => {
      const last = messages.at(-1);
      return AIMessage.isInstance(last) && (last.tool_calls ?? []).length > 0 ? 'tools' : END;
    })
    .addEdge('tools', 'model')
    .compile();
}

function agentOf<State>(graph: LangGraph, options: LangGraphOptions<State> = {}): Agent {
  @A2AAgent({ type: 'test', name: 'graph', description: 'Runs a graph.' })
  class GraphAgent extends fromLangGraph(graph, options) {}
  return GraphAgent;
}

/** A node that notes that it runs, and says so. */
const noting = (name: string) => () => {
  done.push(name);
  return { messages: [new AIMessage(`${name} is done.`)] };
};

beforeAll(async () => {
  openAi = await startOpenAiServer();
  openAi.otherwise(clerk);
  model = new ChatOpenAI({
    model: 'clerk',
    apiKey: 'sk-test',
    configuration: { baseURL: openAi.baseUrl },
    maxRetries: 0,
  });

  @A2AAgent({ type: 'test', name: 'clerk', description: 'Looks after orders.' })
  class ClerkAgent extends fromLangGraph(loop()) {}
  Clerk = ClerkAgent;
  server = await startModelServer([ClerkAgent]);
});

beforeEach(() => {
  done.length = 0;
});

it('streams what its model says, keeps nodes as steps, and answers with the last message', async () => {
  const task = await testTask(Clerk, { text: 'Where is order 7?' });
  expect(task.outcome).toMatchObject({ state: 'COMPLETED', text: 'It is: order 7 is on its way.' });
  expect(task.artifacts.map(({ name }) => name)).toEqual(['answer']);
  expect(task.steps.map(({ name, worked }) => ({ name, worked }))).toEqual([
    { name: 'input', worked: 1 },
    { name: 'model', worked: 2 },
    { name: 'tools', worked: 1 },
    { name: 'model', worked: 2 },
  ]);
  expect(task.progress.map(({ stage }) => stage)).toEqual(['model', 'tools', 'model']);
});

it('comes to the same end after a crash behind any node, and repeats none that had finished', async () => {
  const task = await testTask(Clerk, { text: 'Where is order 8?' });
  for (const step of ['input', 'model', 'tools']) {
    done.length = 0;
    const asked = openAi.requests.length;
    const crashed = await task.crashAfter(step);
    expect(crashed.outcome).toEqual(task.outcome);
    expect(crashed.runs).toBe(2);
    expect(done).toEqual(['look up 8']);
    expect(openAi.requests.length - asked).toBe(2);
  }
  done.length = 0;
  expect((await task.crashAfter()).outcome).toEqual(task.outcome);
  expect(done).toEqual(['look up 8']);
  expect((await task.replay()).outcome).toEqual(task.outcome);
});

it('runs nodes side by side, of which a crash repeats only those that had not finished', async () => {
  const State = Annotation.Root({
    ...MessagesAnnotation.spec,
    found: Annotation<string[]>({ reducer: (one, more) => [...one, ...more], default: () => [] }),
  });
  const graph = new StateGraph(State)
    .addNode('plan', noting('plan'))
    .addNode('search', ({ found: [place = ''] }: typeof State.State) => {
      done.push(`search ${place}`);
      return { found: [`a shoe in ${place}`] };
    })
    .addNode('write', ({ found }) => ({ messages: [new AIMessage(`Found ${found.join(' and ')}.`)] }))
    .addEdge(START, 'plan')
    .addConditionalEdges('plan', () =>
      ['the shop', 'the cellar'].map((place) => new Send('search', { found: [place] })),
    )
    .addEdge('search', 'write')
    .compile();
  const task = await testTask(agentOf(graph), { text: 'A shoe?' });
  expect(task.text).toBe('Found a shoe in the shop and a shoe in the cellar.');
  done.length = 0;
  const crashed = await task.crashAfter('search');
  expect(crashed.outcome).toEqual(task.outcome);
  expect(crashed.steps.filter(({ name }) => name === 'search')).toHaveLength(2);
  expect(done.filter((node) => node === 'plan')).toEqual(['plan']);
  done.length = 0;
  await task.crashAfter();
  expect(done[0]).toBe('plan');
  expect(new Set(done)).toEqual(new Set(['plan', 'search the shop', 'search the cellar']));
});

it('asks people what nodes are interrupted with, one after the other, also in a graph within a node', async () => {
  const inner = new StateGraph(MessagesAnnotation)
    .addNode('sign', () => {
      done.push('sign');
      return { messages: [new AIMessage(`Signed by ${String(interrupt('Who signs?'))}.`)] };
    })
    .addEdge(START, 'sign')
    .compile();
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('draft', noting('draft'))
    .addNode('price', () => {
      done.push('price');
      const price = Number(interrupt('How much?', { responseSchema: { type: 'number' } }));
      const currency = String(interrupt('In which currency?'));
      return { messages: [new AIMessage(`${price} ${currency}.`)] };
    })
    .addNode('colour', () => {
      const { colour } = interrupt({ colours: ['red', 'blue'] }) as { colour: string };
      return { messages: [new AIMessage(`In ${colour}.`)] };
    })
    .addNode('contract', inner)
    .addEdge(START, 'draft')
    .addEdge('draft', 'price')
    .addEdge('draft', 'colour')
    .addEdge(['price', 'colour'], 'contract')
    .compile();
  const output = ({ messages }: typeof MessagesAnnotation.State): string => messages.map(({ text }) => text).join(' ');
  const agent = agentOf(graph, { output });
  const answers = { 'How much?': 40, '': { colour: 'blue' }, 'In which currency?': 'EUR', 'Who signs?': 'Ada' };
  const task = await testTask(agent, { text: 'Shoes!', answers });
  const asked = task.questions.map(({ text }) => text);
  expect(asked.slice(0, 2).toSorted()).toEqual(['', 'How much?']);
  expect(asked.slice(2)).toEqual(['In which currency?', 'Who signs?']);
  expect(task.text).toBe('Shoes! draft is done. In blue. 40 EUR. Signed by Ada.');
  expect(done.filter((node) => node === 'draft')).toEqual(['draft']);
  done.length = 0;
  // Which of two nodes side by side asks first may differ.
  expect((await task.crashAfter()).text).toEqual(task.text);
  expect(done.filter((node) => node === 'draft')).toEqual(['draft']);
});

it('holds a task whose next node is gone, and goes on with a graph that has it, whatever else is new', async () => {
  const graph = (review: string): Agent =>
    agentOf(
      new StateGraph(MessagesAnnotation)
        .addNode('draft', noting('draft'))
        .addNode('finish', noting('finish'))
        .addNode(review, noting(review))
        .addEdge(START, 'draft')
        .addEdge('draft', review)
        .addEdge(review, 'finish')
        .compile(),
    );
  const task = await testTask(graph('review'), { text: 'Go' });
  expect(await task.withCode(graph('audit'), { after: 'draft' })).toMatchObject({
    verdict: 'held',
    finished: 'step "draft" in branch graph',
    found: 'a graph without the node "review"',
  });
  done.length = 0;
  expect(await task.withCode(graph('review'), { after: 'draft' })).toEqual({ verdict: 'goes-on' });
  expect(await task.withCode(graph('review'), { after: 'input' })).toEqual({ verdict: 'goes-on' });
  // The node that was renamed had finished.
  expect(await task.withCode(graph('audit'), { after: 'review' })).toEqual({ verdict: 'goes-on' });
  // Nothing runs in a check.
  expect(done).toEqual([]);
});

it('takes what it begins with and what it answers from its options, and progress from what nodes write', async () => {
  const State = Annotation.Root({ topic: Annotation<string>, plan: Annotation<string> });
  const graph = new StateGraph(State)
    .addNode('planner', ({ topic }, { writer }) => {
      writer?.({ fraction: 0.5, stage: `Planning ${topic}` });
      writer?.('something else');
      return { plan: `A plan for ${topic}` };
    })
    .addEdge(START, 'planner')
    .compile();
  const agent = agentOf(graph, {
    input: ({ parts }, history) => ({ topic: `${parts[0]?.text ?? ''} after ${history.length}` }),
    output: ({ plan }: typeof State.State) => [{ data: { plan } }],
  });
  const task = await testTask(agent, { text: 'shoes', session: { messages: ['Hello'] } });
  expect(task.data).toEqual({ plan: 'A plan for shoes after 1' });
  expect(task.progress).toContainEqual({ fraction: 0.5, stage: 'Planning shoes after 1' });
});

it('keeps tasks of the functional API as steps', async () => {
  const work = graphTask('work', (number: number) => {
    done.push(`work ${number}`);
    return number + 1;
  });
  const graph = entrypoint('count', async (from: number) => work(await work(from)));
  const agent = agentOf(graph, { input: () => 1, output: (number: number) => `It is ${number}.` });
  const task = await testTask(agent, { text: 'Count' });
  expect(task.text).toBe('It is 3.');
  expect(task.steps.map(({ name }) => name)).toEqual(['input', 'work', 'work', 'count']);
  done.length = 0;
  expect((await task.crashAfter()).outcome).toEqual(task.outcome);
  expect(done).toEqual(['work 1', 'work 2']);
});

it('keeps of each node what is new: a graph of twice as many steps takes twice as much, not four times', async () => {
  const bytes = async (most: number): Promise<number> => {
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('talk', ({ messages }) => ({ messages: [new AIMessage(`${messages.length}: ${'blah '.repeat(200)}`)] }))
      .addEdge(START, 'talk')
      .addConditionalEdges('talk', ({ messages }) => (messages.length > most ? END : 'talk'))
      .compile()
      .withConfig({ recursionLimit: 100 });
    const { steps } = await testTask(agentOf(graph), { text: 'Talk' });
    return steps.reduce((sum, { result }) => sum + JSON.stringify(result).length, 0);
  };
  const [few, many] = [await bytes(10), await bytes(40)];
  expect(many / few).toBeLessThan(4.5);
});

it('remembers its session, and its tokens count as every agent’s', async () => {
  const first = await server.ask('test/clerk', 'Where is order 7?');
  expect(first.metadata?.['urn:continuo:a2a:usage:v1']).toMatchObject({ calls: 2, totalTokens: expect.any(Number) });
  const second = await server.ask('test/clerk', 'What did I ask before?', first.contextId);
  expect(second.artifacts?.[0]?.parts).toEqual([{ text: 'You wrote 2 times.' }]);
});

it('asks no model any more when the task’s budget is used up', async () => {
  const body = { message: 'Where is order 7?', wait: true, maxTokens: 5 };
  const { body: task } = await call('POST', `${server.url}/agents/test/clerk/tasks`, { body });
  expect(at(task, 'status', 'state')).toBe('TASK_STATE_FAILED');
  expect(JSON.stringify(at(task, 'status', 'message'))).toContain('5 tokens (maxTokens)');
  expect(done).toEqual(['look up 7']);
});

it('fails with what a node threw, when LangGraph has tried it as often as it was told', async () => {
  const retryPolicy = { maxAttempts: 2, initialInterval: 1, retryOn: () => true };
  const graph = new StateGraph(MessagesAnnotation)
    .addNode('draft', noting('draft'))
    .addNode(
      'send',
      () => {
        done.push('send');
        throw new Error('The post office is closed.');
      },
      { retryPolicy },
    )
    .addEdge(START, 'draft')
    .addEdge('draft', 'send')
    .compile();
  const task = await testTask(agentOf(graph), { text: 'Go' });
  expect(task.state).toBe('FAILED');
  expect(task.failure?.message).toContain('The post office is closed.');
  expect(done).toEqual(['draft', 'send', 'send']);
  expect(task.steps.map(({ name, failed }) => ({ name, failed }))).toEqual([
    { name: 'input', failed: false },
    { name: 'draft', failed: false },
    { name: 'send', failed: true },
  ]);
});

it('takes nothing else than a compiled graph, and none that stops without a question', () => {
  const builder = new StateGraph(MessagesAnnotation).addNode('draft', noting('draft')).addEdge(START, 'draft');
  expect(() => fromLangGraph(builder as never)).toThrow('expected a compiled graph of LangGraph');
  expect(() => fromLangGraph(builder.compile({ interruptBefore: ['draft'] }))).toThrow('call interrupt() in a node');
});
