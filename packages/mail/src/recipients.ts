/** Who is asked. */

/** Addresses by agent (`type/name`); `*` are those for all agents that are not named. */
export type Recipients = Readonly<Record<string, readonly string[]>>;

/** Whom a question of `agent` goes to; nobody: it isn't mailed. */
export function recipientsOf(agent: string, to: Recipients): readonly string[] {
  return (Object.hasOwn(to, agent) ? to[agent] : to['*']) ?? [];
}
