/** Lets so much go on at the same time, and no more: what comes later waits for its turn. */

export type Limited = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function atMost(limit: number): Limited {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((go) => waiting.push(go));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
