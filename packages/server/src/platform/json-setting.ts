/** JSON in the value of an environment variable. */

/** Throws an Error with `complaint`: JSON.parse's own message would show a piece of the text. */
export function jsonSetting(text: string, complaint: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(complaint);
  }
}
