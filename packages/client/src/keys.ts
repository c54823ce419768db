/** `client.keys`: the API keys of the caller's tenant, for admins. */
import type { NewApiKey } from './schema.generated.js';
import type { Answer, CallOptions, Given, Transport } from './transport.js';

/** API keys, for administrators: `client.keys`. */
export class KeysClient {
  /** @internal */
  constructor(private readonly transport: Transport) {}

  /** One page, the newest first. */
  list(query: Given<'listKeys'>['query'] = {}, options?: CallOptions): Promise<Answer<'listKeys'>> {
    return this.transport.call('listKeys', { query }, options);
  }

  /** The key itself is in this answer alone; after an answer that was lost, it is in none: revoke it, and make another one. */
  create(key: Given<'createKey'>['body'], options?: CallOptions): Promise<NewApiKey> {
    return this.transport.call('createKey', { body: key }, options);
  }

  /** From the next request on the key is refused, and streams that it has opened break off within seconds. */
  async revoke(id: string, options?: CallOptions): Promise<void> {
    await this.transport.call('revokeKey', { path: { id } }, options);
  }
}
