/** An A2A agent elsewhere: a server on the official SDK, of A2A 1.0 or 0.3, which does what the message says. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { AGENT_CARD_PATH, TaskState, type AgentCard, type Message } from '@a2a-js/sdk';
import { DefaultRequestHandler, InMemoryTaskStore, type AgentExecutor } from '@a2a-js/sdk/server';
import { agentCardHandler, jsonRpcHandler, restHandler, UserBuilder } from '@a2a-js/sdk/server/express';
import express, { type Express, type Request, type Response } from 'express';
import { afterThisTest } from './outcome.js';
import { RemoteGrpc } from './remote-grpc.js';
import { RemoteTask } from './remote-task.js';

export interface RemoteOptions {
  readonly streaming?: boolean;
  readonly version?: '1.0' | '0.3';
  /** What its card says, where that is not where it is. */
  readonly grpcAddress?: string;
  readonly transport?: 'JSONRPC' | 'HTTP+JSON' | 'GRPC' | 'CARRIER-PIGEON';
}

export interface RemoteA2AAgent {
  readonly cardUrl: string;
  /** The messages it got, in order. */
  readonly messages: readonly Message[];
  /** The values of the header `x-test` it got, each once. */
  readonly headers: ReadonlySet<string>;
  /** The values of the header `traceparent` it got, each once. */
  readonly traceparents: ReadonlySet<string>;
  /** The tasks it was asked to cancel. */
  readonly cancelled: readonly string[];
  /** Lets tasks go on that wait for it. */
  release(): void;
  /** Nobody reaches it until it is back. */
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
  /** As after a restart of a server that keeps its tasks in memory. */
  forgetTasks(): Promise<void>;
  /** Answers the next requests for a task with what they held, and HTTP 500. */
  betray(): void;
  /** Answers the next requests for its card, or for tasks, with many small values: ten megabytes of them. */
  overwhelm(what: 'card' | 'tasks' | 'events' | undefined): void;
}

/** Tasks by their first message: see `perform`. */
export async function startRemoteA2AAgent(options: RemoteOptions = {}): Promise<RemoteA2AAgent> {
  const messages: Message[] = [];
  const headers = new Set<string>();
  const traceparents = new Set<string>();
  const cancelled: string[] = [];
  const gate = new EventTarget();
  let betrays = false;
  let overwhelms: 'card' | 'tasks' | 'events' | undefined;

  const executor: AgentExecutor = {
    execute: async ({ request: { message }, task, taskId, contextId }, bus) => {
      if (message !== undefined) messages.push(message);
      const said = [...(task?.history ?? []), ...(message === undefined ? [] : [message])]
        .filter(({ messageId }, index, all) => all.findIndex((other) => other.messageId === messageId) === index)
        .filter(({ role }) => role === message?.role)
        .map(({ parts }) => (parts[0]?.content?.$case === 'text' ? parts[0].content.value : ''));
      await perform(said, new RemoteTask(taskId, contextId, bus), gate);
      bus.finished();
    },
    cancelTask: async (taskId, bus) => {
      cancelled.push(taskId);
      new RemoteTask(taskId, '', bus).status(TaskState.TASK_STATE_CANCELED, 'Stopped.');
      gate.dispatchEvent(new Event(taskId));
    },
  };

  const grpc =
    options.transport === 'GRPC'
      ? new RemoteGrpc((header, traceparent) => {
          headers.add(header);
          traceparents.add(traceparent);
        })
      : undefined;
  let app: Express = express();
  let server: Server = createServer((request, response) => app(request, response));
  const listen = async (port: number): Promise<void> => {
    server = createServer((request, response) => app(request, response));
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  const close = async (): Promise<void> => {
    grpc?.close();
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  await listen(0);
  afterThisTest(close);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const url = `http://127.0.0.1:${port}`;

  let handler: DefaultRequestHandler | undefined;
  const begin = async (): Promise<void> => {
    const store = new InMemoryTaskStore();
    const card = { ...cardOf(url, options) };
    const requestHandler = new DefaultRequestHandler(card, store, executor);
    handler = requestHandler;
    grpc?.close();
    await grpc?.listen(requestHandler);
    for (const found of card.supportedInterfaces) found.url = options.grpcAddress ?? grpc?.address ?? found.url;
    const legacyCompat = { enabled: options.version === '0.3' };
    const common = { requestHandler, userBuilder: UserBuilder.noAuthentication, legacyCompat };
    app = express();
    app.use((request, response, next) => {
      headers.add(request.get('x-test') ?? '');
      traceparents.add(request.get('traceparent') ?? '');
      if (betrays && !request.path.includes('card')) response.status(500).send(`x-test: ${request.get('x-test')}`);
      else if (!overwhelms || !sendMany(overwhelms, request, response)) next();
    });
    if (options.version === '0.3') app.get('/card.json', (_, response) => void response.json(oldCardOf(url, options)));
    else app.use('/card.json', agentCardHandler({ agentCardProvider: requestHandler }));
    app.use(`/${AGENT_CARD_PATH}`, (_, response) => response.redirect('/card.json'));
    app.use('/rpc', jsonRpcHandler(common));
    app.use('/rest', restHandler(common));
  };
  await begin();
  return {
    cardUrl: `${url}/card.json`,
    messages,
    headers,
    traceparents,
    cancelled,
    release: () => gate.dispatchEvent(new Event('release')),
    goAway: close,
    comeBack: async () => {
      await listen(port);
      if (handler !== undefined) await grpc?.listen(handler);
    },
    forgetTasks: begin,
    betray: () => {
      betrays = true;
    },
    overwhelm: (what) => {
      overwhelms = what;
    },
  };
}

/** Whether this is what is asked for. */
function sendMany(what: 'card' | 'tasks' | 'events', request: Request, response: Response): boolean {
  const asked = request.path.includes('card')
    ? 'card'
    : request.get('accept')?.includes('event-stream') === true
      ? 'events'
      : 'tasks';
  if (asked !== what) return false;
  const many = `[${'{},'.repeat(3_300_000)}{}]`;
  if (what === 'events') {
    response.type('text/event-stream').send(`data: {"jsonrpc":"2.0","id":1,\r\ndata: "result":${many}}\r\n\r\n`);
  } else if (what === 'card') response.type('json').send(`{"name":"Remote","skills":${many}}`);
  else response.type('json').send(`{"jsonrpc":"2.0","id":1,"result":{"task":{"id":"1","history":${many}}}}`);
  return true;
}

const { TASK_STATE_COMPLETED, TASK_STATE_FAILED, TASK_STATE_REJECTED } = TaskState;
const { TASK_STATE_AUTH_REQUIRED, TASK_STATE_INPUT_REQUIRED, TASK_STATE_WORKING } = TaskState;

/** `said` is what the user said in this task; its first words say what to do. */
async function perform(said: readonly string[], task: RemoteTask, gate: EventTarget): Promise<void> {
  const [what = '', ...answers] = said;
  if (what === 'message') return task.message('Just this.');
  if (answers.length === 0) task.open();
  switch (what) {
    case 'chunks':
      task.status(TASK_STATE_WORKING, 'Writing');
      task.chunk('text', ['one '], { append: false });
      await once(gate, 'release');
      task.chunk('text', ['two '], { append: true });
      task.chunk('text', ['three'], { append: true, lastChunk: true });
      return task.status(TASK_STATE_COMPLETED);
    case 'replace':
      task.chunk('text', ['a draft'], { append: false });
      task.chunk('other', ['untouched'], { append: false });
      task.chunk('text', ['the final text'], { append: false });
      return task.status(TASK_STATE_COMPLETED, 'Replaced.');
    case 'files':
      task.chunk('files', [Buffer.from([0, 255, 128]), { answer: [42, null] }, 'and text'], {
        append: false,
      });
      return task.status(TASK_STATE_COMPLETED, 'Made.');
    case 'unknown':
      task.chunk('unknown', ['before', undefined, { known: true }], { append: false });
      return task.status(TASK_STATE_COMPLETED, 'Made.');
    case 'huge':
      task.chunk('huge', [Buffer.alloc(6 * 1024 ** 2, 7)], { append: false });
      await once(gate, 'release');
      return task.status(TASK_STATE_COMPLETED);
    case 'ask':
      if (answers.length === 0) return task.status(TASK_STATE_INPUT_REQUIRED, 'Which colour?');
      return task.status(TASK_STATE_COMPLETED, `You chose ${answers.join()}.`);
    case 'ask twice':
      // An answer is followed by an artifact first: for a moment the task still asks the question before.
      task.chunk(`answers-${answers.length}`, [answers.join() || 'none'], { append: false });
      if (answers.length === 0) return task.status(TASK_STATE_INPUT_REQUIRED, 'Your name?');
      if (answers.length === 1) return task.status(TASK_STATE_INPUT_REQUIRED, `Which colour, ${answers[0]}?`);
      return task.status(TASK_STATE_COMPLETED, `${answers.join(' likes ')}.`);
    case 'log in':
      if (answers.length === 0) return task.status(TASK_STATE_AUTH_REQUIRED, 'Log in first.');
      return task.status(TASK_STATE_COMPLETED, 'Welcome.');
    case 'reject':
      return task.status(TASK_STATE_REJECTED, 'Not my job.');
    case 'fail':
      return task.status(TASK_STATE_FAILED, 'The stock is empty.');
    case 'wait':
      return void (await once(gate, task.id));
    default:
      return task.status(TASK_STATE_COMPLETED, `You said ${what}.`);
  }
}

function cardOf(url: string, { streaming = true, version = '1.0', transport = 'JSONRPC' }: RemoteOptions): AgentCard {
  const path = transport === 'HTTP+JSON' ? 'rest' : 'rpc';
  return {
    name: 'Remote',
    description: 'An agent elsewhere',
    version: '2.3.4',
    supportedInterfaces: [{ url: `${url}/${path}`, protocolBinding: transport, tenant: '', protocolVersion: version }],
    provider: undefined,
    capabilities: { streaming, pushNotifications: false, extensions: [], extendedAgentCard: false },
    securitySchemes: {},
    securityRequirements: [],
    defaultInputModes: ['text'],
    defaultOutputModes: ['text'],
    skills: [
      {
        id: 'obey',
        name: 'Obeying',
        description: 'Does what it is told.',
        tags: ['obedience'],
        examples: [],
        inputModes: [],
        outputModes: [],
        securityRequirements: [],
      },
    ],
    documentationUrl: '',
    signatures: [],
  };
}

/** As servers write it that know nothing but 0.3. */
function oldCardOf(url: string, options: RemoteOptions): unknown {
  const { supportedInterfaces, skills, capabilities, ...card } = cardOf(url, options);
  return {
    name: card.name,
    description: card.description,
    version: card.version,
    protocolVersion: '0.3.0',
    url: supportedInterfaces[0]?.url,
    preferredTransport: supportedInterfaces[0]?.protocolBinding,
    capabilities: { streaming: capabilities?.streaming, pushNotifications: false },
    defaultInputModes: card.defaultInputModes,
    defaultOutputModes: card.defaultOutputModes,
    skills: skills.map(({ id, name, description, tags }) => ({ id, name, description, tags })),
  };
}
