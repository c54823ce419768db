/** What is typed into a filter: shown at once, said a moment after the last key, and again what the address says. */
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useRef, useState } from 'react';

const PAUSE_MS = 250;

export function useTyped(said: string, onSay: (text: string) => void): readonly [string, (text: string) => void] {
  const [text, setText] = useState(said);
  // Said here and not heard yet: the address may say them when something else is in the box already.
  const own = useRef<readonly string[]>([]);
  const say = useDebouncedCallback((typed: string) => {
    // The address won't say once more what it says already.
    if (own.current.length > 0 || typed.trim() !== said.trim()) own.current = [...own.current, typed];
    onSay(typed);
  }, PAUSE_MS);
  useEffect(() => {
    // The address may leave out spaces around a word.
    const heard = own.current.findIndex((word) => word.trim() === said.trim());
    own.current = own.current.slice(heard + 1);
    if (heard >= 0) return;
    // Somebody has gone elsewhere meanwhile: what they had begun to type is over.
    own.current = [];
    say.cancel();
    setText(said);
  }, [said, say]);
  const type = (typed: string): void => {
    setText(typed);
    say(typed);
  };
  return [text, type];
}
