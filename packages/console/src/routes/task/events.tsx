/** What happened, newest first, its durable steps included; of ten thousand entries only those in view exist. */
import { Group, Text } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { call } from '../../api/client.js';
import type { Task } from '@continuo/client';
import { Loading } from '../../components/conditions.js';
import { startOf } from '../../components/cut-text.js';
import { colourOf } from '../../components/state-label.js';
import { duration } from '../../components/time.js';
import type { TaskLogView, TimelineEntry } from '../../tasks/task-log.js';
import { hasEnded, stateOf } from '@continuo/client/facts';
import { texts } from '../../texts.js';
import { withSteps, type StepEntry } from './with-steps.js';

const ROW_PX = 34;
const MOST_PX = 620;
const MOST_CHARACTERS = 600;
/** Steps are no events: nothing tells that there is another one. */
const STEPS_EVERY_MS = 5_000;

function stepsOf(task: Task) {
  return queryOptions({
    queryKey: ['task', task.id, 'steps'],
    queryFn: ({ signal }) => call('listSteps', { path: { id: task.id } }, signal),
    refetchInterval: hasEnded(stateOf(task)) ? false : STEPS_EVERY_MS,
  });
}

export function Events({ task, log }: { readonly task: Task; readonly log: TaskLogView }) {
  const box = useRef<HTMLDivElement>(null);
  const steps = useQuery(stepsOf(task)).data?.steps;
  const timeline = useMemo(() => withSteps(log.timeline, steps ?? []), [log.timeline, steps]);
  const rows = useVirtualizer({
    count: timeline.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => keyOf(timeline[timeline.length - 1 - index]) ?? index,
    overscan: 10,
  });
  if (log.events === 0) return <Loading />;
  return (
    <section className="panel" aria-label={texts.task.events}>
      <Group justify="flex-end" px="md" pt="xs">
        <Text size="xs" c="dimmed" className="numbers" data-events={log.events}>
          {texts.task.eventCount(log.events)}
          {steps === undefined || steps.length === 0 ? '' : ` · ${texts.task.steps(steps.length)}`}
        </Text>
      </Group>
      <div
        ref={box}
        role="list"
        aria-label={texts.task.events}
        tabIndex={0}
        style={{ overflow: 'auto', height: Math.min(rows.getTotalSize() + 12, MOST_PX) }}
      >
        <div role="presentation" style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map(({ index, key, start }) => {
            const entry = timeline[timeline.length - 1 - index];
            return entry === undefined ? null : (
              <div
                key={key}
                role="listitem"
                ref={rows.measureElement}
                data-index={index}
                className="entry"
                style={{ position: 'absolute', top: 0, left: 0, right: 0, transform: `translateY(${start}px)` }}
              >
                {entry.kind === 'step' ? <Step step={entry} /> : <Entry entry={entry} />}
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}

function keyOf(entry: TimelineEntry | StepEntry | undefined): string | number | undefined {
  return entry?.kind === 'step' ? `step ${entry.step.number}` : entry?.seq;
}

function Time({ at }: { readonly at: string | null | undefined }) {
  return (
    <Text span size="xs" c="dimmed" className="entry-time numbers">
      {at === undefined || at === null ? '' : new Date(at).toLocaleTimeString('en', { hour12: false })}
    </Text>
  );
}

function Step({ step: { step } }: { readonly step: StepEntry }) {
  const { name, failed, startedAt, endedAt } = step;
  const took = startedAt === null || endedAt === null ? undefined : Date.parse(endedAt) - Date.parse(startedAt);
  return (
    <>
      <span className="entry-seq" />
      <Time at={endedAt} />
      <span className="dot" data-step style={{ borderColor: failed ? colourOf('FAILED') : colourOf('COMPLETED') }} />
      <span className="any-line">
        <Text span size="sm" c="dimmed">
          {failed ? texts.task.stepFailed : texts.task.stepDone}{' '}
        </Text>
        {name}
        <Text span size="sm" c="dimmed" className="numbers">
          {took === undefined ? '' : ` ${texts.task.stepTook(duration(took))}`}
        </Text>
      </span>
    </>
  );
}

function Entry({ entry }: { readonly entry: TimelineEntry }) {
  const { seq, at, state, kind, text, fraction, count } = entry;
  const said = text.length > MOST_CHARACTERS ? `${startOf(text, MOST_CHARACTERS)} …` : text;
  const colour = kind === 'progress' || kind === 'artifact' ? 'var(--console-line)' : colourOf(state ?? 'WORKING');
  return (
    <>
      <Text span size="xs" c="dimmed" className="entry-seq numbers" ta="right">
        {seq}
      </Text>
      <Time at={at} />
      <span className="dot" style={{ background: colour, transform: 'translateY(-1px)' }} />
      <span className="any-line">
        {kind === 'attempt' ? <b>{texts.task.attempt(count)}</b> : null}
        {kind === 'state' && state !== undefined ? texts.states[state] : null}
        {kind === 'message' && state !== undefined ? (
          <Text span size="sm" fw={500}>
            {texts.states[state]}:{' '}
          </Text>
        ) : null}
        {kind === 'progress' ? (
          <Text span size="sm" c="dimmed" className="numbers">
            {Math.round((fraction ?? 0) * 100)} %{said === '' ? '' : ` · ${said}`}
          </Text>
        ) : (
          said
        )}
        {kind === 'artifact' ? (
          <Text span size="sm" c="dimmed">
            {' '}
            · {count === 1 ? texts.task.artifacts : texts.task.chunks(count)}
          </Text>
        ) : null}
      </span>
    </>
  );
}
