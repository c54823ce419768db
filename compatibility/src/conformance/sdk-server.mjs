/** The official SDK's own server with all that it offers, to compare with: agents that do what the first word says. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { AgentCard, generateAgentCardSignature, Role, TaskState } from 'a2a-sdk-1.3';
import { AgentEvent, DefaultRequestHandler, InMemoryTaskStore } from 'a2a-sdk-1.3/server';
import { agentCardHandler, jsonRpcHandler, restHandler, UserBuilder } from 'a2a-sdk-1.3/server/express';
import { A2AService, grpcService } from 'a2a-sdk-1.3/server/grpc';
import express from 'express';

const userBuilder = UserBuilder.noAuthentication;
const legacyCompat = { enabled: true };
const variants = {
  answers: { streaming: true, pushNotifications: true },
  silent: { streaming: false, pushNotifications: false },
  requires: { streaming: true, pushNotifications: true, required: true },
};
const words = ['waits', 'asks', 'authorizes', 'chunks', 'fails', 'rejects', 'replies', 'tailors'];

/** What `checkConformance` takes, and how to end it. */
export async function startSdkServer() {
  const app = express();
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${server.address().port}`;
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const header = { alg: 'ES256', kid: 'one', typ: 'JOSE', jku: `${origin}/jwks.json` };
  app.get('/jwks.json', (_, response) => {
    response.json({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', alg: 'ES256' }] });
  });
  const grpcs = [];
  const agents = {};
  for (const [name, about] of Object.entries(variants)) {
    const grpc = new Server();
    grpcs.push(grpc);
    const port = await promisify(grpc.bindAsync.bind(grpc))('127.0.0.1:0', ServerCredentials.createInsecure());
    // Signed once: every signature is another, and with it the card's ETag.
    const sign = generateAgentCardSignature(privateKey, header);
    const card = await sign(cardOf(name, about, `${origin}/${name}`, `127.0.0.1:${port}`));
    const options = { validateInputModes: true };
    const parts = [undefined, undefined, undefined, undefined, undefined, options];
    const requestHandler = new DefaultRequestHandler(card, new InMemoryTaskStore(), new Obedient(), ...parts);
    const published = agentCardHandler({ agentCardProvider: requestHandler });
    app.use(`/${name}/.well-known/agent-card.json`, published);
    if (name === 'answers') app.use('/.well-known/agent-card.json', published);
    app.use(`/${name}/rpc`, jsonRpcHandler({ requestHandler, userBuilder, legacyCompat }));
    app.use(`/${name}/rest`, restHandler({ requestHandler, userBuilder, legacyCompat }));
    grpc.addService(A2AService, grpcService({ requestHandler, userBuilder }));
    agents[name] = { card: `${origin}/${name}/.well-known/agent-card.json` };
  }
  for (const says of words) agents[says] = { ...agents.answers, says };
  const stop = async () => {
    for (const grpc of grpcs) grpc.forceShutdown();
    server.closeAllConnections();
    server.close();
  };
  return { target: { card: agents.answers.card, agents }, stop };
}

function cardOf(name, { required = false, ...capabilities }, url, grpcUrl) {
  const faces = [
    ['JSONRPC', `${url}/rpc`],
    ['HTTP+JSON', `${url}/rest`],
  ];
  return AgentCard.fromJSON({
    name,
    description: `An agent on the official SDK that ${name}.`,
    version: '1.0.0',
    supportedInterfaces: [
      ...faces.map(([protocolBinding, at]) => ({ url: at, protocolBinding, protocolVersion: '1.0' })),
      { url: grpcUrl, protocolBinding: 'GRPC', protocolVersion: '1.0' },
      ...faces.map(([protocolBinding, at]) => ({ url: at, protocolBinding, protocolVersion: '0.3' })),
    ],
    provider: { organization: 'Example', url: 'https://example.com' },
    capabilities: { ...capabilities, extensions: [{ uri: `urn:example:${name}`, required }], extendedAgentCard: false },
    defaultInputModes: ['text/plain', 'application/json'],
    defaultOutputModes: ['text/plain', 'application/json'],
    skills: [{ id: 'obey', name: 'Obeying', description: 'Does what it is told.', tags: ['obedience'] }],
  });
}

const { TASK_STATE_SUBMITTED, TASK_STATE_WORKING, TASK_STATE_COMPLETED, TASK_STATE_FAILED } = TaskState;
const { TASK_STATE_CANCELED, TASK_STATE_REJECTED, TASK_STATE_INPUT_REQUIRED, TASK_STATE_AUTH_REQUIRED } = TaskState;

const partOf = (value) => ({
  content: typeof value === 'string' ? { $case: 'text', value } : { $case: 'data', value },
  metadata: undefined,
  filename: '',
  mediaType: '',
});

/** An executor of the SDK. */
class Obedient {
  #waiting = new Map();

  async execute({ request, userMessage, task, taskId, contextId, context }, bus) {
    for (const uri of context.requestedExtensions ?? []) context.addActivatedExtension(uri);
    const said = userMessage.parts[0]?.content;
    const what = task === undefined && said?.$case === 'text' ? said.value : 'hello';
    const message = (text) => ({
      ...userMessage,
      messageId: randomUUID(),
      role: Role.ROLE_AGENT,
      parts: [partOf(text)],
      metadata: undefined,
    });
    const status = (state, text) =>
      bus.publish(
        AgentEvent.statusUpdate({
          taskId,
          contextId,
          status: { state, timestamp: new Date().toISOString(), message: text && message(text) },
          metadata: undefined,
        }),
      );
    const artifact = (value, { append = false, lastChunk = true } = {}) => {
      const content = { artifactId: 'answer', name: 'answer', description: '', parts: [partOf(value)] };
      const made = { ...content, metadata: undefined, extensions: [] };
      bus.publish(
        AgentEvent.artifactUpdate({ taskId, contextId, artifact: made, append, lastChunk, metadata: undefined }),
      );
    };
    if (what === 'replies') {
      bus.publish(AgentEvent.message({ ...message('Just this.'), taskId: '' }));
      return bus.finished();
    }
    const begun = {
      id: taskId,
      contextId,
      status: { state: TASK_STATE_SUBMITTED, timestamp: new Date().toISOString(), message: undefined },
    };
    bus.publish(AgentEvent.task(task ?? { ...begun, artifacts: [], history: [userMessage], metadata: undefined }));
    status(TASK_STATE_WORKING);
    if (what === 'asks') status(TASK_STATE_INPUT_REQUIRED, 'Which colour?');
    else if (what === 'authorizes') status(TASK_STATE_AUTH_REQUIRED, 'Log in first.');
    else if (what === 'fails') status(TASK_STATE_FAILED, 'The stock is empty.');
    else if (what === 'rejects') status(TASK_STATE_REJECTED, 'Not my job.');
    else if (what === 'waits') await new Promise((resolve) => this.#waiting.set(taskId, resolve));
    else {
      if (what === 'chunks') {
        artifact('one ', { lastChunk: false });
        artifact('two ', { append: true, lastChunk: false });
        artifact('three', { append: true });
      } else if (what === 'tailors') {
        const modes = request.configuration?.acceptedOutputModes ?? [];
        artifact(modes.includes('application/json') ? { heard: what } : what);
      } else artifact(what);
      status(TASK_STATE_COMPLETED);
    }
    if (what !== 'asks' && what !== 'authorizes') bus.finished();
  }

  async cancelTask(taskId, bus) {
    const status = { state: TASK_STATE_CANCELED, timestamp: new Date().toISOString(), message: undefined };
    bus.publish(AgentEvent.statusUpdate({ taskId, contextId: '', status, metadata: undefined }));
    this.#waiting.get(taskId)?.();
  }
}
