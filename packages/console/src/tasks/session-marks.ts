/** Under which names the console keeps something in the metadata of sessions. */

/** Of a branch: the session that the conversation began with. */
export const BRANCH = 'urn:continuo:console:branch:v1';
/** Of that session: all of its branches, oldest first. */
export const BRANCHES = 'urn:continuo:console:branches:v1';
/** True for one that stays on top. */
export const PINNED = 'urn:continuo:console:pinned:v1';
