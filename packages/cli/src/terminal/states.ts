/** How the states of tasks look. */
import type { Colour, Colours } from './colours.js';

const looks: Readonly<Record<string, Colour>> = {
  SUBMITTED: 'dim',
  WORKING: 'cyan',
  INPUT_REQUIRED: 'yellow',
  AUTH_REQUIRED: 'yellow',
  COMPLETED: 'green',
  FAILED: 'red',
  REJECTED: 'red',
  CANCELED: 'dim',
  HELD: 'magenta',
};

const words: Readonly<Record<string, string>> = {
  INPUT_REQUIRED: 'waits for input',
  AUTH_REQUIRED: 'waits for auth',
};

/** `INPUT_REQUIRED` is `waits for input`. */
export function stateInWords(state: string): string {
  return words[state] ?? state.toLowerCase();
}

export function painted(state: string, text: string, colours: Colours): string {
  const look = looks[state];
  return look === undefined ? text : colours[look](text);
}
