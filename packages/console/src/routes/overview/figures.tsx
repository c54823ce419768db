/** The numbers of now and of the chosen time. */
import { Group, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { TaskStatistics } from '@continuo/client';
import { number } from '../../formats.js';
import { exactDuration } from '../../components/time.js';
import { texts } from '../../texts.js';
import type { TaskState } from '@continuo/client/facts';

interface FiguresProps {
  readonly statistics: TaskStatistics;
  readonly agent: string | undefined;
}

const states = { running: 'WORKING', waiting: 'INPUT_REQUIRED', queued: 'SUBMITTED' } as const satisfies Record<
  string,
  TaskState
>;

const ended = { completed: 'COMPLETED', failed: 'FAILED', canceled: 'CANCELED' } as const satisfies Record<
  string,
  TaskState
>;

/** Each leads to its tasks. */
export function FiguresNow({ statistics: { now }, agent }: FiguresProps) {
  return (
    <Panel title={texts.overview.now} leastPx={76}>
      {(['running', 'waiting', 'queued'] as const).map((which) => (
        <Figure key={which} name={texts.overview.figures[which]}>
          <Link to="/tasks" search={{ state: states[which], agent, children: true }}>
            {number(now[which])}
          </Link>
        </Figure>
      ))}
    </Panel>
  );
}

export function FiguresOfTime({
  statistics: { total, from },
  agent,
  title,
}: FiguresProps & { readonly title: string }) {
  return (
    <Panel title={title} leastPx={112}>
      {(['begun', 'completed', 'failed', 'canceled'] as const).map((which) => (
        <Figure key={which} name={texts.overview.figures[which]}>
          {which === 'begun' ? (
            number(total[which])
          ) : (
            <Link to="/tasks" search={{ state: ended[which], agent, children: true, from }}>
              {number(total[which])}
            </Link>
          )}
        </Figure>
      ))}
      {(['medianMs', 'p95Ms'] as const).map((which) => (
        <Figure key={which} name={texts.overview.figures[which]}>
          {time(total[which])}
        </Figure>
      ))}
    </Panel>
  );
}

/** A duration, or that there is none. */
export function time(ms: number | null): string {
  return ms === null ? '–' : exactDuration(ms);
}

interface PanelProps {
  readonly title: string;
  /** How narrow a figure may be. */
  readonly leastPx: number;
  readonly children: ReactNode;
}

function Panel({ title, leastPx, children }: PanelProps) {
  return (
    <section className="panel" style={{ padding: '14px 18px' }}>
      <Title order={2} mb={10}>
        {title}
      </Title>
      <dl className="figures" style={{ gridTemplateColumns: `repeat(auto-fill, minmax(${leastPx}px, 1fr))` }}>
        {children}
      </dl>
    </section>
  );
}

function Figure({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <Group gap={0} className="figure" data-figure={name}>
      <Text component="dt" size="xs" c="dimmed">
        {name}
      </Text>
      <dd className="numbers">{children}</dd>
    </Group>
  );
}
