/** The texts of the overview. */
import type { TaskStatistics } from '@continuo/client';

type Figures = TaskStatistics['total'];

const many = (n: number): string => n.toLocaleString('en');

export const overviewTexts = {
  now: 'Now',
  figures: {
    running: 'Running',
    waiting: 'Needs input',
    queued: 'Queued',
    begun: 'Begun',
    completed: 'Completed',
    failed: 'Failed',
    canceled: 'Cancelled',
    medianMs: 'Median time',
    p95Ms: '95th percentile',
  },
  range: 'Time',
  ranges: { 1: '1 h', 6: '6 h', 24: '24 h', 168: '7 d', 720: '30 d' },
  lately: {
    1: 'In the last hour',
    6: 'In the last 6 hours',
    24: 'In the last 24 hours',
    168: 'In the last 7 days',
    720: 'In the last 30 days',
  },
  allAgents: 'All agents',
  byAgent: 'By agent',
  none: 'No tasks in this time',
  truncated: (since: string) => `So many tasks have changed that only the time since ${since} is counted.`,
  throughput: 'Throughput',
  throughputSummary: ({ begun, completed }: Figures, most: number, at: string) =>
    `${many(begun)} begun, ${many(completed)} completed${most === 0 ? '' : `, most from ${at}: ${many(most)}`}.`,
  durations: 'Durations',
  durationsSummary: (median: string, p95: string, at: string) =>
    `Half ended within ${median}, 95 % within ${p95}; slowest from ${at}.`,
  noneEnded: 'No task has ended in this time.',
  failures: 'Failures',
  failuresSummary: ({ failed, canceled, completed }: Figures, most: number, at: string) =>
    `${many(failed)} failed and ${many(canceled)} cancelled of ${many(failed + canceled + completed)} that ended${most === 0 ? '' : `; most failed from ${at}: ${many(most)}`}.`,
  asTable: 'As a table',
  from: 'From',
};
