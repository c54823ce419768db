/** `client.memories`: what agents keep of the caller beyond a session. */
import type { Memory } from './schema.generated.js';
import type { Answer, CallOptions, Given, Transport } from './transport.js';

/** What agents remember of the caller: `client.memories`. */
export class MemoriesClient {
  /** @internal */
  constructor(private readonly transport: Transport) {}

  /** One page, newest change first; `q`: words to search for. */
  list(query: Given<'listMemories'>['query'] = {}, options?: CallOptions): Promise<Answer<'listMemories'>> {
    return this.transport.call('listMemories', { query }, options);
  }

  /** One of the same agent in the same words is renewed. */
  create(memory: Given<'createMemory'>['body'], options?: CallOptions): Promise<Memory> {
    return this.transport.call('createMemory', { body: memory }, options);
  }

  /** What is absent stays. */
  update(id: string, change: Given<'updateMemory'>['body'], options?: CallOptions): Promise<Memory> {
    return this.transport.call('updateMemory', { path: { id }, body: change }, options);
  }

  /** Forgets it. */
  async delete(id: string, options?: CallOptions): Promise<void> {
    await this.transport.call('deleteMemory', { path: { id } }, options);
  }

  /** All of them at once. */
  async export(query: Given<'exportMemories'>['query'] = {}, options?: CallOptions): Promise<readonly Memory[]> {
    return (await this.transport.call('exportMemories', { query }, options)).memories;
  }
}
