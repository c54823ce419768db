/** What the console says of tasks that are held. */
export const heldTexts = {
  label: 'Held',
  title: 'Held: the code does not fit this task',
  finished: (what: string) => `Finished: ${what}.`,
  found: (what: string) => `The code now runs: ${what}.`,
  since: 'Since',
  hint: 'Nothing is lost. It goes on by itself as soon as an instance runs code that fits. Deploy such code, begin it anew with the code that runs now, or cancel it.',
  again: 'Try again now',
  restart: 'Retry from the start',
};
