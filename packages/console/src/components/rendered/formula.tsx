/** A formula in TeX. A part of the console of its own, which comes with the first formula. */
import 'katex/dist/katex.min.css';
import katex from 'katex';
import { useLayoutEffect, useRef } from 'react';

interface FormulaProps {
  readonly tex: string;
  readonly display: boolean;
}

export function Formula({ tex, display }: FormulaProps) {
  const place = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (place.current === null) return;
    // Nothing in it may name an address or a class, and it has an end.
    katex.render(tex, place.current, {
      displayMode: display,
      throwOnError: false,
      trust: false,
      strict: 'ignore',
      maxSize: 20,
      maxExpand: 200,
    });
  }, [tex, display]);
  return <span ref={place} className="formula" tabIndex={display ? 0 : undefined} />;
}
