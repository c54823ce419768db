/** Copies a text that is made when somebody wants it; it counts as copied for a moment, or until they go away from the button. */
import { useEffect, useState } from 'react';
import { complain } from '../tasks/actions.js';
import { texts } from '../texts.js';
import { copy } from './copy.js';

interface Copied {
  readonly copied: boolean;
  readonly copy: () => void;
  /** For what is left: the button, or what is around it. */
  readonly untilLeft: { readonly onBlur: () => void; readonly onMouseLeave: () => void };
}

/** `forMs`: how long it counts as copied. Default: until it is left. */
export function useCopied(text: () => string, forMs?: number): Copied {
  const [copied, setCopied] = useState(false);
  const forget = (): void => setCopied(false);
  useEffect(() => {
    if (!copied || forMs === undefined) return undefined;
    const timer = setTimeout(() => setCopied(false), forMs);
    return () => clearTimeout(timer);
  }, [copied, forMs]);
  return {
    copied,
    copy: () =>
      void copy(text()).then(
        () => setCopied(true),
        () => complain(new Error(texts.common.notCopied)),
      ),
    untilLeft: { onBlur: forget, onMouseLeave: forget },
  };
}
