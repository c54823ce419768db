/** What programs ask for, as a query of the HTTP API has it: so it is checked as one. */

/** What is undefined is left out. */
export function asQuery(query: object): Readonly<Record<string, string>> {
  const given = Object.entries(query).flatMap(([name, value]: [string, unknown]) =>
    value === undefined ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
  );
  return Object.fromEntries(given) as Readonly<Record<string, string>>;
}
