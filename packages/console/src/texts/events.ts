/** The texts of a task's events and of its log. */
import { counted, number } from '../formats.js';
import { inLanguage } from '../language.js';
const event = {
  filter: 'Show',
  kinds: { states: 'States', steps: 'Steps', progress: 'Progress', artifacts: 'Artifacts' },
  noMatch: 'No events match these filters',
  unfold: (n: number) => `Show ${number(n)} updates`,
};

const log = {
  level: 'Level',
  levels: { debug: 'All levels', info: 'Info and above', warn: 'Warnings and errors', error: 'Errors' },
  names: { debug: 'Debug', info: 'Info', warn: 'Warning', error: 'Error' },
  follow: 'Follow',
  lines: (n: number) => counted(n, { one: 'line', other: 'lines' }),
  dropped: (n: number) => `${counted(n, { one: 'more line was', other: 'more lines were' })} not stored.`,
  none: 'No log lines',
  noneHint: 'Lines that agents write with task.log show up here.',
  noMatch: 'No log lines at this level',
  step: 'Show step in trace',
};

const english = { eventTexts: event, logTexts: log };

export type EventTexts = typeof english;

export const { eventTexts, logTexts } = await inLanguage(english, {
  de: () => import('./german/events.js'),
});
