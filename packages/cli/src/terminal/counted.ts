/** Numbers of things as people say them. */

/** `1 run`, `3 runs`: `one` and `many` are what follows the number. */
export function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
