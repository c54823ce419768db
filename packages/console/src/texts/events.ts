/** The texts of a task's events and of its log. */
export const eventTexts = {
  filter: 'Show',
  kinds: { states: 'States', steps: 'Steps', progress: 'Progress', artifacts: 'Artifacts' },
  noMatch: 'No events match these filters',
  unfold: (n: number) => `Show ${n.toLocaleString('en')} updates`,
};

export const logTexts = {
  level: 'Level',
  levels: { debug: 'All levels', info: 'Info and above', warn: 'Warnings and errors', error: 'Errors' },
  names: { debug: 'Debug', info: 'Info', warn: 'Warning', error: 'Error' },
  follow: 'Follow',
  lines: (n: number) => `${n.toLocaleString('en')} ${n === 1 ? 'line' : 'lines'}`,
  dropped: (n: number) => `${n.toLocaleString('en')} more ${n === 1 ? 'line was' : 'lines were'} not kept.`,
  none: 'No log lines',
  noneHint: 'What an agent writes with task.log appears here.',
  noMatch: 'No log lines of this level',
  step: 'Show the step in the trace',
};
