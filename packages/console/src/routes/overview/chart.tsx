/** A chart over time, which says in words and in a table what it shows. */
import 'uplot/dist/uPlot.min.css';
import { Button, Group, Text, Title } from '@mantine/core';
import { useId, useState } from 'react';
import type { TaskStatistics } from '@continuo/client';
import { dayAndTime } from '../../components/time.js';
import { texts } from '../../texts.js';
import { Plot, type Drawing } from './plot.js';

interface ChartProps {
  readonly title: string;
  /** What the chart shows, in a sentence. */
  readonly summary: string;
  readonly drawing: Drawing;
  readonly statistics: TaskStatistics;
}

export function Chart({ title, summary, drawing, statistics }: ChartProps) {
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  const { lines, show } = drawing;
  return (
    <section className="panel chart" aria-labelledby={id}>
      <Group justify="space-between" align="baseline" gap="xs">
        <Title order={2} id={id}>
          {title}
        </Title>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          c="dimmed"
          aria-pressed={asTable}
          aria-describedby={id}
          onClick={() => setAsTable(!asTable)}
        >
          {texts.overview.asTable}
        </Button>
      </Group>
      <Text size="sm" c="dimmed" mb="xs" data-summary>
        {summary}
      </Text>
      {asTable ? (
        <div className="chart-table" role="group" aria-labelledby={id} tabIndex={0}>
          <table className="figure-table numbers">
            <thead>
              <tr>
                <th>{texts.overview.from}</th>
                {lines.map(({ label }) => (
                  <th key={label}>{label}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {statistics.buckets.map((bucket) => (
                <tr key={bucket.start}>
                  <th scope="row">{dayAndTime(new Date(bucket.start), 'short')}</th>
                  {lines.map(({ label, value }) => (
                    <td key={label}>{show(value(bucket))}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <Plot drawing={drawing} statistics={statistics} label={`${title}: ${summary}`} />
      )}
    </section>
  );
}
