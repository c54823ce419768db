/** The state of a task: a dot that says it at a glance, and the word. */
import type { TaskState } from '@continuo/client/facts';
import { texts } from '../texts.js';
import { cssOf, DotLabel } from './dot-label.js';

const colours: Readonly<Record<TaskState, string>> = {
  SUBMITTED: 'gray.5',
  WORKING: 'blue.6',
  INPUT_REQUIRED: 'orange.6',
  AUTH_REQUIRED: 'orange.6',
  COMPLETED: 'teal.6',
  FAILED: 'red.7',
  CANCELED: 'gray.6',
  REJECTED: 'red.7',
};

export function colourOf(state: TaskState): string {
  return cssOf(colours[state]);
}

const HELD = 'grape.6';
export const heldColour = cssOf(HELD);

interface StateLabelProps {
  readonly state: TaskState;
  /** It works on nothing until fitting code comes. */
  readonly held?: boolean;
}

export function StateLabel({ state, held = false }: StateLabelProps) {
  if (held) return <DotLabel colour={HELD} label={texts.held.label} state="HELD" />;
  return <DotLabel colour={colours[state]} label={texts.states[state]} lively={state === 'WORKING'} state={state} />;
}
