/** What the console says of tasks that are held. */
import { isolated } from '../formats.js';
export const heldTexts = {
  label: 'Held',
  title: 'Held: the code doesn’t match this task',
  finished: (what: string) => `Finished: ${isolated(what)}.`,
  found: (what: string) => `The code now runs: ${isolated(what)}.`,
  since: 'Since',
  hint: 'Nothing is lost. The task continues as soon as an instance runs matching code. Deploy that code, restart the task with the current code, or cancel it.',
  again: 'Try again now',
  restart: 'Retry from the start',
};

export type HeldTexts = typeof heldTexts;
