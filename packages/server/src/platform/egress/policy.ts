/** What the configuration lets the server call by itself. */
import type { Config } from '../config.js';
import type { EgressOptions } from './egress.js';

/** Without authentication the server serves its own machine alone, and may call it. */
export function egressPolicy({ auth, webhookAllow }: Pick<Config, 'auth' | 'webhookAllow'>): EgressOptions {
  return { allow: webhookAllow, local: auth.length === 0 };
}
