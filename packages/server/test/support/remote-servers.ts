/** Servers of other makers with an agent each, and what Continuo makes of them as their client. */
import { startAdk, startSdk03 } from '../../../../compatibility/src/servers.mjs';
import type { Party } from '../../../../compatibility/src/table.mjs';
import { saidBy } from './answers.js';
import { at, call, textAt } from './http-calls.js';
import { afterThisTest } from './outcome.js';
import { startRemoteA2AAgent, type RemoteOptions } from './remote-a2a-agent.js';
import { inState } from './two-instances.js';
import { until } from './until.js';

interface Remote {
  readonly party: string;
  /** As it is known to Continuo: `external/<name>`. */
  readonly name: string;
  readonly card: string;
  /** Lets its chunks go on. */
  readonly release?: () => void;
  readonly asks: boolean;
}

async function sdk13(name: string, options: RemoteOptions): Promise<Remote> {
  const remote = await startRemoteA2AAgent(options);
  const party = `Server by \`@a2a-js/sdk\` 1.3.0, A2A ${options.version ?? '1.0'}, ${options.transport}`;
  return { party, name, card: remote.cardUrl, release: () => remote.release(), asks: true };
}

async function sdk03(name: string, binding: 'JSONRPC' | 'HTTP+JSON'): Promise<Remote> {
  const { cardUrl: card, stop } = await startSdk03(binding);
  afterThisTest(stop);
  return { party: `Server by \`@a2a-js/sdk\` 0.3.14, ${binding}`, name, card, asks: true };
}

async function adk(): Promise<Remote> {
  const { cardUrl: card, stop } = await startAdk();
  afterThisTest(stop);
  return { party: 'Server by `@google/adk` 2.0.0, `toA2a`', name: 'adk', card, asks: false };
}

/** Starts all of them. */
export function startRemotes(): Promise<readonly Remote[]> {
  return Promise.all([
    sdk13('sdk-13', { transport: 'JSONRPC' }),
    sdk13('sdk-13-rest', { transport: 'HTTP+JSON' }),
    sdk13('sdk-13-grpc', { transport: 'GRPC' }),
    sdk13('sdk-13-compat', { transport: 'JSONRPC', version: '0.3' }),
    sdk03('sdk-03', 'JSONRPC'),
    sdk03('sdk-03-rest', 'HTTP+JSON'),
    adk(),
  ]);
}

/** What is tried with one of them, through the Continuo at `url`. */
export function partyOf(url: string, { party, name, release, asks }: Remote): Party {
  const agent = `${url}/agents/external/${name}`;
  const say = async (text: string, details: object): Promise<unknown> =>
    (await call('POST', `${agent}/tasks`, { body: { message: { parts: [{ text }], ...details } } })).body;
  const begin = async (text: string): Promise<string> => textAt(await say(text, {}), 'id');
  const said = async (text: string, state = 'COMPLETED'): Promise<string> =>
    saidBy(await inState(url, await begin(text), state));
  return {
    name: party,
    scenarios: {
      card: async () => {
        const { body } = await call('GET', `${agent}/.well-known/agent-card.json`);
        if (at(body, 'skills', 0) === undefined) throw new Error(JSON.stringify(body));
      },
      send: async () => same(await said('hello'), 'You said hello.'),
      stream: async () => {
        const id = await begin('chunks');
        const textOf = async (): Promise<string> => {
          const { body } = await call('GET', `${url}/tasks/${id}`);
          return (
            (at(body, 'artifacts') as readonly unknown[] | undefined)?.map((found) => JSON.stringify(found)).join() ??
            ''
          );
        };
        await until(async () => (await textOf()).includes('one '), { what: 'the first chunk' });
        release?.();
        same(saidBy(await inState(url, id, 'COMPLETED')).replace(/\s+/g, ' '), 'one two three');
      },
      ...(asks && {
        answer: async () => {
          const id = await begin('ask');
          same(saidBy(await inState(url, id, 'INPUT_REQUIRED')), 'Which colour?');
          await say('blue', { taskId: id });
          if (!saidBy(await inState(url, id, 'COMPLETED')).includes('blue')) throw new Error('the answer is lost');
        },
      }),
      cancel: async () => {
        const id = await begin('wait');
        await inState(url, id, 'WORKING');
        await call('POST', `${url}/tasks/${id}:cancel`);
        await inState(url, id, 'CANCELED');
      },
      errors: async () => {
        const text = await said('fail', 'FAILED');
        if (!text.includes('The stock is empty.')) throw new Error(text);
      },
    },
  };
}

function same(found: string, wanted: string): void {
  if (found !== wanted) throw new Error(`expected ${wanted}, got ${found}`);
}
