/** The state of a task: a dot that says it at a glance, and the word. */
import type { TaskState } from '../tasks/task-facts.js';
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

export function StateLabel({ state }: { readonly state: TaskState }) {
  return <DotLabel colour={colours[state]} label={texts.states[state]} lively={state === 'WORKING'} state={state} />;
}
