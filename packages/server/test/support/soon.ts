/** How soon servers of tests take over from each other. */

/**
 * For `env`: what ran on an instance that dies goes on elsewhere within seconds, and an instance that a busy machine holds
 * up for a second keeps it.
 */
export const soon = { CONTINUO_LEASE_MS: '3000', CONTINUO_HEARTBEAT_MS: '500', CONTINUO_SWEEP_MS: '200' };
