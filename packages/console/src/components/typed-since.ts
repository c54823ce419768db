/** What is left of a text when a part of it has been sent: what was typed meanwhile is the beginning of the next one. */
export function typedSince(now: string, sent: string): string {
  return now.startsWith(sent) ? now.slice(sent.length).trimStart() : now;
}

/** What is left of entries, by name: without those that are as they were sent, and of the others what `rest` says. */
export function changedSince<Value>(
  now: Readonly<Record<string, Value>>,
  sent: Readonly<Record<string, Value>>,
  rest: (now: Value, sent: Value) => Value = (value) => value,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(now).flatMap(([name, value]): readonly (readonly [string, Value])[] => {
      const before = Object.hasOwn(sent, name) ? sent[name] : undefined;
      if (before === undefined) return [[name, value]];
      return isSame(value, before) ? [] : [[name, rest(value, before)]];
    }),
  );
}

/** Both as JSON, as drafts are kept. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
