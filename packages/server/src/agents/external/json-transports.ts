/** The SDK's transports over HTTP write the requests, of A2A 1.0 and 0.3; what comes back is read here, for they take one spelling alone. */
import type { AgentCard } from '@a2a-js/sdk';
import type { Transport, TransportFactory } from '@a2a-js/sdk/client';
import { eventsOf, jsonOf } from './http-answers.js';
import { spellingOf } from './spelling.js';

interface Options {
  readonly fetchImpl: typeof fetch;
  readonly legacyCompat: { readonly enabled: true };
}

export class JsonTransports implements TransportFactory {
  constructor(
    private readonly Factory: new (options: Options) => TransportFactory,
    private readonly fetchAnswer: typeof fetch,
  ) {}

  get protocolName(): string {
    return this.#by(this.fetchAnswer).protocolName;
  }

  async create(url: string, card: AgentCard): Promise<Transport> {
    const transport = await this.#by(this.fetchAnswer).create(url, card);
    const isOld = transport.protocolVersion.startsWith('0.');
    const spelling = spellingOf({ wrapsData: isOld && transport.protocolName === 'HTTP+JSON' });
    /** Ends with the answer to the one request that `work` makes; the SDK gets none of it, and what it says of that comes too late. */
    const answerTo = (work: (asking: Transport) => Promise<unknown>): Promise<Response> =>
      new Promise((resolve, reject) => {
        const asking = this.#by(async (...request) => {
          resolve(await this.fetchAnswer(...request));
          return new Response(null, { status: 204 });
        });
        asking.create(url, card).then(work).catch(reject);
      });
    const reading: Pick<Transport, 'sendMessage' | 'getTask' | 'cancelTask' | 'resubscribeTask'> = {
      sendMessage: async (params, options) =>
        spelling.sent(await jsonOf(await answerTo((asking) => asking.sendMessage(params, options)))),
      getTask: async (params, options) =>
        spelling.task(await jsonOf(await answerTo((asking) => asking.getTask(params, options)))),
      cancelTask: async (params, options) =>
        spelling.task(await jsonOf(await answerTo((asking) => asking.cancelTask(params, options)))),
      async *resubscribeTask(params, options) {
        const answer = await answerTo((asking) => asking.resubscribeTask(params, options).next());
        for await (const json of eventsOf(answer)) yield spelling.event(json);
      },
    };
    return Object.assign(transport, reading);
  }

  #by(fetchImpl: typeof fetch): TransportFactory {
    return new this.Factory({ fetchImpl, legacyCompat: { enabled: true } });
  }
}
