/** What is typed into a filter: shown at once, said a moment after the last key, and again what the address says. */
import { useDebouncedCallback } from '@mantine/hooks';
import { useEffect, useState } from 'react';

const PAUSE_MS = 250;

export function useTyped(said: string, onSay: (text: string) => void): readonly [string, (text: string) => void] {
  const [text, setText] = useState(said);
  useEffect(() => setText(said), [said]);
  const say = useDebouncedCallback(onSay, PAUSE_MS);
  const type = (typed: string): void => {
    setText(typed);
    say(typed);
  };
  return [text, type];
}
