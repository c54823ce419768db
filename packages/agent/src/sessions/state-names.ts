/** Names of values in the state of sessions that are not the agents' own. */

/** Names of values that are no people's to see, to set or to copy: what stands there counts as the server's own word. */
export const OWN_STATE = 'urn:continuo:';

/** Names under which it is kept what an update has put in place, until its step is recorded; they count into no limit. */
export const UPDATED_STATE = `${OWN_STATE}updated:`;

/** Names of tools that the user wants to run without being asked in this session, `approved:<agent>:<tool>`: no fork has them. */
export const APPROVED = 'approved:';
