/** Words of the code that people copy from the console. */

/** A text as one word of a command for a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The lines of a curl command that say the headers. */
export function curlHeaders(headers: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(headers).map(([name, value]) => `  -H ${quoted(`${name}: ${value}`)}`);
}

/** How a program for Node reads the variable `name` of its environment; this page has none of its own. */
export function readInNode(name: string): string {
  return ['process', 'env', name].join('.');
}
