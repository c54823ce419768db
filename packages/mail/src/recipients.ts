/** Who is asked. */

/** Addresses by agent (`type/name`); `*` are those for all agents that are not named. */
export type Recipients = Readonly<Record<string, readonly string[]>>;

/** Whom a question of `agent` goes to; nobody: it isn't mailed. */
export function recipientsOf(agent: string, to: Recipients): readonly string[] {
  return (Object.hasOwn(to, agent) ? to[agent] : to['*']) ?? [];
}

/** Tells one after the other, whoever of them can't be told. Throws the first error when all were tried. */
export async function tellEach(
  recipients: readonly string[],
  tell: (recipient: string) => Promise<void>,
): Promise<void> {
  const errors: unknown[] = [];
  for (const recipient of recipients) {
    // What is thrown before there is a promise is an error of this recipient as well.
    await Promise.resolve(recipient)
      .then(tell)
      .catch((error: unknown) => errors.push(error));
  }
  if (errors.length > 0) throw errors[0];
}
