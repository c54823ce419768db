/** `client.audit`: who did what in the caller's tenant, for admins. */
import type { Answer, CallOptions, Given, Transport } from './transport.js';

/** Reads the audit log. For admins. */
export class AuditClient {
  constructor(private readonly transport: Transport) {}

  /**
   * One page, the newest first.
   *
   * @example
   * const { entries } = await client.audit.list({ action: 'sign-in.failed' });
   */
  list(query: Given<'listAudit'>['query'] = {}, options?: CallOptions): Promise<Answer<'listAudit'>> {
    return this.transport.call('listAudit', { query }, options);
  }
}
