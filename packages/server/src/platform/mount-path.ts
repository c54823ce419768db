/** The path below which an application serves Continuo: where the paths of a request that was handed on begin. */

const paths = new WeakMap<object, string>();

/** `path` as `/ai`; empty for the root. */
export function handedOnBelow(request: object, path: string): void {
  if (path !== '') paths.set(request, path);
}

/** Empty for a request that came to the root. */
export function mountPath(request: object): string {
  return paths.get(request) ?? '';
}
