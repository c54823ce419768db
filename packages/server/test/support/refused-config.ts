/** What somebody is told whose configuration is refused. */
import { ConfigError, loadConfig } from '../../src/platform/config.js';

/** The whole message. Throws for a configuration that is accepted. */
export function refusal(env: NodeJS.ProcessEnv): string {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}
