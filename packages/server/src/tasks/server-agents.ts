/** The agents whose tasks the server begins by itself, beside what people and programs ask for; as `type/name`. */

/** Goes through sessions for what is worth remembering. */
export const MEMORY_KEEPER = 'memory/keeper';

/** Writes titles of sessions. */
export const TITLE_WRITER = 'session/titles';

export const serverAgents = [MEMORY_KEEPER, TITLE_WRITER] as const;
