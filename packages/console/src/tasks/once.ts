/** Two presses of a button are one, where the button itself isn't disabled meanwhile. */
import { useCallback, useRef } from 'react';

/** Does one thing at a time: what is asked for while another goes on isn't done, and is rejected. */
export function useOnce(): <Result>(does: () => Promise<Result>) => Promise<Result> {
  const busy = useRef(false);
  return useCallback(async (does) => {
    if (busy.current) throw new Busy();
    busy.current = true;
    try {
      return await does();
    } finally {
      busy.current = false;
    }
  }, []);
}

/** Nothing to complain of: what was asked for before goes on. */
export class Busy extends Error {}
