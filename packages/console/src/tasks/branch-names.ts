/** Under which names the metadata of sessions keep that they are ways of one conversation. */

/** Of a branch: the session that the conversation began with. */
export const BRANCH = 'urn:continuo:console:branch:v1';
/** Of that session: all of its branches, oldest first. */
export const BRANCHES = 'urn:continuo:console:branches:v1';
