/** Things that people do with a task or a session: whether one is under way, and what went wrong with the last. */
import { useCallback, useRef, useState } from 'react';
import type { ContinuoApiError } from '../api-error.js';
import { asApiError } from './live.js';

interface Doing {
  readonly pending: boolean;
  readonly error: ContinuoApiError | undefined;
}

/** Runs one action after the other's beginning; gives undefined for one that was refused, and keeps why. */
export function useAction(): Doing & {
  readonly run: <Answer>(act: () => Promise<Answer>) => Promise<Answer | undefined>;
} {
  const [doing, setDoing] = useState<Doing>({ pending: false, error: undefined });
  const underWay = useRef(0);
  const run = useCallback(async <Answer>(act: () => Promise<Answer>): Promise<Answer | undefined> => {
    underWay.current += 1;
    setDoing({ pending: true, error: undefined });
    let error: ContinuoApiError | undefined;
    try {
      return await act();
    } catch (thrown) {
      error = asApiError(thrown);
      return undefined;
    } finally {
      underWay.current -= 1;
      setDoing({ pending: underWay.current > 0, error });
    }
  }, []);
  return { ...doing, run };
}
