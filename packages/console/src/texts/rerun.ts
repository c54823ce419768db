/** The texts of running a task again, and of deleting it. */
import { counted } from '../formats.js';
import { inLanguage } from '../language.js';
const english = {
  again: 'Run again',
  same: 'Run again with the same input',
  edit: 'Edit input and run',
  text: 'Input',
  json: 'Input (JSON)',
  files: (n: number) => `${counted(n, { one: 'file is', other: 'files are' })} included unchanged.`,
  hint: 'Starts a new task in the same session. This one stays as it is.',
  run: 'Run',
  copyOf: 'Copy of',
  delete: 'Delete task',
  deleteQuestion: 'Delete this task?',
  keep: 'Keep task',
};

export type RerunTexts = typeof english;

export const rerunTexts = await inLanguage(english, { de: () => import('./german/rerun.js') });
