/** The texts of running a task again, and of deleting it. */
export const rerunTexts = {
  again: 'Run again',
  same: 'Run again with the same input',
  edit: 'Edit input and run',
  text: 'Input',
  json: 'Input (JSON)',
  files: (n: number) => `${n} ${n === 1 ? 'file is' : 'files are'} included unchanged.`,
  hint: 'Starts a new task in the same session. This one stays as it is.',
  run: 'Run',
  copyOf: 'Copy of',
  delete: 'Delete task',
  deleteQuestion: 'Delete this task?',
  keep: 'Keep task',
};
