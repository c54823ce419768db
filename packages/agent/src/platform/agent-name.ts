/** How types and names of agents are written: both are part of URLs. */
const SEGMENT = '[a-z0-9][a-z0-9-]{0,62}';

/** A type, or a name. */
export const AGENT_SEGMENT = new RegExp(`^${SEGMENT}$`);

/** `type/name`. */
export const AGENT_KEY = new RegExp(`^${SEGMENT}/${SEGMENT}$`);
