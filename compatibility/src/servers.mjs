/** Agents on other makers' servers, which do what a message's first word says, for Continuo to call. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { DefaultRequestHandler, InMemoryTaskStore } from '@a2a-js/sdk/server';
import { agentCardHandler, jsonRpcHandler, restHandler, UserBuilder } from '@a2a-js/sdk/server/express';
import { BaseAgent, createEvent, toA2a } from '@google/adk';
import express from 'express';

/** Serves an Express application on a free port of loopback. */
async function serve(application) {
  const server = createServer((request, response) => application(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = async () => {
    server.closeAllConnections();
    server.close();
  };
  return { port: server.address().port, stop };
}

/** A server by the official SDK 0.3. `binding`: which transport its card prefers. */
export async function startSdk03(binding) {
  const app = express();
  const { port, stop } = await serve(app);
  const url = `http://127.0.0.1:${port}/${binding === 'JSONRPC' ? 'rpc' : 'rest'}`;
  const card = {
    name: 'Old remote',
    description: 'An agent on the SDK 0.3',
    version: '1.0.0',
    protocolVersion: '0.3.0',
    url,
    preferredTransport: binding,
    capabilities: { streaming: true, pushNotifications: false },
    defaultInputModes: ['text'],
    defaultOutputModes: ['text'],
    skills: [{ id: 'obey', name: 'Obeying', description: 'Does what it is told.', tags: ['obedience'] }],
  };
  const requestHandler = new DefaultRequestHandler(card, new InMemoryTaskStore(), new Obedient());
  const options = { requestHandler, userBuilder: UserBuilder.noAuthentication };
  app.use('/card.json', agentCardHandler({ agentCardProvider: requestHandler }));
  app.use('/rpc', jsonRpcHandler(options));
  app.use('/rest', restHandler(options));
  return { cardUrl: `http://127.0.0.1:${port}/card.json`, stop };
}

/** An executor of the SDK 0.3. */
class Obedient {
  #waiting = new Map();

  async execute({ userMessage, task, taskId, contextId }, bus) {
    const what = task === undefined ? userMessage.parts[0].text : 'answered';
    const status = (state, text, final = true) => {
      const parts = [{ kind: 'text', text }];
      const message = text && {
        kind: 'message',
        messageId: crypto.randomUUID(),
        role: 'agent',
        parts,
        taskId,
        contextId,
      };
      bus.publish({ kind: 'status-update', taskId, contextId, final, status: { state, ...(message && { message }) } });
    };
    const artifact = (text, append = false) => {
      const content = { artifactId: 'answer', name: 'answer', parts: [{ kind: 'text', text }] };
      bus.publish({ kind: 'artifact-update', taskId, contextId, append, artifact: content });
    };
    if (task === undefined) {
      bus.publish({ kind: 'task', id: taskId, contextId, status: { state: 'submitted' }, history: [userMessage] });
    }
    if (what === 'ask') status('input-required', 'Which colour?');
    else if (what === 'fail') status('failed', 'The stock is empty.');
    else if (what === 'wait') {
      status('working', undefined, false);
      await new Promise((resolve) => this.#waiting.set(taskId, resolve));
      status('canceled');
    } else if (what === 'chunks') {
      for (const [index, text] of ['one ', 'two ', 'three'].entries()) artifact(text, index > 0);
      status('completed');
    } else {
      artifact(`You said ${userMessage.parts[0].text}.`);
      status('completed');
    }
    bus.finished();
  }

  async cancelTask(taskId) {
    this.#waiting.get(taskId)?.();
  }
}

/** A server by Google's ADK, of A2A 0.3. */
export async function startAdk() {
  const app = express();
  const { port, stop } = await serve(app);
  const agent = new ObedientAdk({ name: 'obedient', description: 'An agent on ADK' });
  await toA2a(agent, { app, host: '127.0.0.1', port, basePath: '/a2a', allowUnauthenticated: true });
  return { cardUrl: `http://127.0.0.1:${port}/a2a/.well-known/agent-card.json`, stop };
}

/** An agent of ADK that needs no model. */
class ObedientAdk extends BaseAgent {
  async *runAsyncImpl({ invocationId, userContent, abortSignal }) {
    const what = userContent.parts[0].text;
    if (what === 'fail') throw new Error('The stock is empty.');
    if (what === 'wait') await new Promise((resolve) => abortSignal?.addEventListener('abort', resolve));
    const texts = what === 'chunks' ? ['one ', 'two ', 'three'] : [`You said ${what}.`];
    for (const text of texts) {
      yield createEvent({ author: this.name, invocationId, content: { role: 'model', parts: [{ text }] } });
    }
  }

  // oxlint-disable-next-line require-yield -- it has nothing to yield
  async *runLiveImpl() {
    throw new Error('This agent has no live mode.');
  }
}
