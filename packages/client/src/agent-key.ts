/** What an agent is called by: its type and its name. */

/** Throws TypeError for what is not `type/name`. */
export function agentPath(agent: string): { readonly type: string; readonly name: string } {
  const [, type, name] = /^([^/]+)\/([^/]+)$/.exec(agent) ?? [];
  if (type !== undefined && name !== undefined) return { type, name };
  throw new TypeError(`Expected an agent as type/name, as context/assistant, got ${JSON.stringify(agent)}.`);
}
