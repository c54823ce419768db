/** The texts of the overview. */
import type { TaskStatistics } from '@continuo/client';
import { number } from '../formats.js';

type Figures = TaskStatistics['total'];

export const overviewTexts = {
  now: 'Now',
  figures: {
    running: 'Running',
    waiting: 'Needs input',
    queued: 'Queued',
    begun: 'Started',
    completed: 'Completed',
    failed: 'Failed',
    canceled: 'Cancelled',
    medianMs: 'Median duration',
    p95Ms: 'p95 duration',
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
  none: 'No tasks in this period',
  truncated: (since: string) => `Too many tasks: showing data since ${since} only.`,
  throughput: 'Throughput',
  throughputSummary: ({ begun, completed }: Figures, most: number, at: string) =>
    `${number(begun)} started, ${number(completed)} completed.${most === 0 ? '' : ` Busiest at ${at} (${number(most)}).`}`,
  durations: 'Durations',
  durationsSummary: (median: string, p95: string, at: string) => `Median ${median}, p95 ${p95}. Slowest at ${at}.`,
  noneEnded: 'No tasks finished in this period.',
  failures: 'Failures',
  failuresSummary: ({ failed, canceled, completed }: Figures, most: number, at: string) =>
    `${number(failed)} failed, ${number(canceled)} cancelled, out of ${number(failed + canceled + completed)} finished.${most === 0 ? '' : ` Most failures at ${at} (${number(most)}).`}`,
  asTable: 'Show as table',
  from: 'From',
};

export type OverviewTexts = typeof overviewTexts;
