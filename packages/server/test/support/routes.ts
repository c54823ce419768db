/** What an Express router serves: `METHOD /path` of each route, those of the routers inside it included. */

interface Layer {
  readonly route?: {
    readonly path: string | readonly string[];
    readonly methods?: object;
    readonly stack: readonly Step[];
  };
  readonly handle?: { readonly stack?: readonly Layer[] };
}

interface Step {
  /** Undefined for a handler of every method. */
  readonly method?: string;
}

export function routesOf(router: unknown): readonly string[] {
  const { stack = [] } = router as { readonly stack?: readonly Layer[] };
  return stack.flatMap(({ route, handle }) => {
    if (route === undefined) return handle?.stack === undefined ? [] : routesOf(handle);
    const paths = typeof route.path === 'string' ? [route.path] : route.path;
    const methods = [...new Set(route.stack.map(({ method }) => method?.toUpperCase() ?? 'ALL'))];
    return paths.flatMap((path) => methods.map((method) => `${method} ${path}`));
  });
}
