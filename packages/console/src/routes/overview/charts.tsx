/** Throughput, durations and failures over the chosen time. */
import { SimpleGrid } from '@mantine/core';
import type { TaskStatistics } from '@continuo/client';
import { dateText, number } from '../../formats.js';
import { duration } from '../../components/time.js';
import { texts } from '../../texts.js';
import { Chart } from './chart.js';
import { time } from './figures.js';
import type { Bucket, Drawing } from './plot.js';

const { figures } = texts.overview;
const count = (value: number | null): string => (value === null ? '' : number(value));
const wholeCount = (value: number): string => (Number.isInteger(value) ? count(value) : '');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const under1Second = [1, 2, 5, 10, 20, 50, 100, 200, 500];
const durationSteps = [
  ...under1Second,
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12, 24, 48, 120, 240, 720].map((n) => n * HOUR),
];

const throughput: Drawing = {
  lines: [
    { label: figures.completed, colour: 'teal-6', bars: true, value: ({ completed }) => completed },
    { label: figures.begun, colour: 'indigo-5', value: ({ begun }) => begun },
  ],
  show: count,
  mark: wholeCount,
};

const durations: Drawing = {
  lines: [
    { label: figures.p95Ms, colour: 'orange-6', gaps: true, value: ({ p95Ms }) => p95Ms },
    { label: figures.medianMs, colour: 'indigo-5', gaps: true, value: ({ medianMs }) => medianMs },
  ],
  show: time,
  mark: duration,
  steps: durationSteps,
};

const failures: Drawing = {
  lines: [
    {
      label: figures.canceled,
      colour: 'gray-5',
      bars: true,
      value: ({ canceled }) => canceled,
      upTo: ({ failed, canceled }) => failed + canceled,
    },
    { label: figures.failed, colour: 'red-7', bars: true, value: ({ failed }) => failed },
  ],
  show: count,
  mark: wholeCount,
};

export function Charts({ statistics }: { readonly statistics: TaskStatistics }) {
  const { total, buckets } = statistics;
  const busiest = most(buckets, ({ completed }) => completed);
  const slowest = most(buckets, ({ p95Ms }) => p95Ms ?? 0);
  const worst = most(buckets, ({ failed }) => failed);
  return (
    <>
      <Chart
        title={texts.overview.throughput}
        summary={texts.overview.throughputSummary(total, busiest?.completed ?? 0, startOf(busiest))}
        drawing={throughput}
        statistics={statistics}
      />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <Chart
          title={texts.overview.durations}
          summary={
            total.medianMs === null
              ? texts.overview.noneEnded
              : texts.overview.durationsSummary(time(total.medianMs), time(total.p95Ms), startOf(slowest))
          }
          drawing={durations}
          statistics={statistics}
        />
        <Chart
          title={texts.overview.failures}
          summary={texts.overview.failuresSummary(total, worst?.failed ?? 0, startOf(worst))}
          drawing={failures}
          statistics={statistics}
        />
      </SimpleGrid>
    </>
  );
}

function most(buckets: readonly Bucket[], of: (bucket: Bucket) => number): Bucket | undefined {
  return buckets.reduce<Bucket | undefined>(
    (best, bucket) => (best === undefined || of(bucket) > of(best) ? bucket : best),
    undefined,
  );
}

function startOf(bucket: Bucket | undefined): string {
  if (bucket === undefined) return '';
  return dateText(new Date(bucket.start), {
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  });
}
