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
  dropped: (n: number) => `${n.toLocaleString('en')} more ${n === 1 ? 'line was' : 'lines were'} not stored.`,
  none: 'No log lines',
  noneHint: 'Lines that agents write with task.log show up here.',
  noMatch: 'No log lines at this level',
  step: 'Show step in trace',
};
