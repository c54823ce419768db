/** What happened, newest first, its durable steps included; of ten thousand entries only those in view exist. */
import { dateText, percent } from '../../formats.js';
import './log.css';
import { Chip, Group, Text, UnstyledButton } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { call } from '../../api/client.js';
import type { Task } from '@continuo/client';
import { Empty, Loading } from '../../components/conditions.js';
import { startOf } from '../../components/cut-text.js';
import { colourOf } from '../../components/state-label.js';
import { duration } from '../../components/time.js';
import { VirtualList } from '../../components/virtual-list.js';
import type { TaskLogView, TimelineEntry } from '../../tasks/task-log.js';
import { hasEnded, stateOf } from '@continuo/client/facts';
import { texts } from '../../texts.js';
import { eventTexts } from '../../texts/events.js';
import { eventKinds, toShown, type EventKind, type FoldedProgress, type ShownEntry } from './event-filter.js';
import { stepTookMs } from './step-time.js';
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
  const [kinds, setKinds] = useState<ReadonlySet<EventKind>>(new Set(eventKinds));
  const [unfolded, setUnfolded] = useState<ReadonlySet<number>>(new Set());
  const steps = useQuery(stepsOf(task)).data?.steps;
  const timeline = useMemo(() => withSteps(log.timeline, steps ?? []), [log.timeline, steps]);
  const shown = useMemo(() => toShown(timeline, kinds, unfolded), [timeline, kinds, unfolded]);
  const at = (index: number): ShownEntry | undefined => shown[shown.length - 1 - index];
  if (log.events === 0) return <Loading />;
  return (
    <section className="panel" aria-label={texts.task.events}>
      <Group justify="space-between" px="md" py="xs" gap="xs">
        <Chip.Group multiple value={[...kinds]} onChange={(chosen) => setKinds(new Set(chosen))}>
          <Group gap={6} role="group" aria-label={eventTexts.filter}>
            {eventKinds.map((kind) => (
              <Chip key={kind} value={kind} size="xs" variant="light">
                {eventTexts.kinds[kind]}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        <Text size="xs" c="dimmed" className="numbers" data-events={log.events}>
          {texts.task.eventCount(log.events)}
          {steps === undefined || steps.length === 0 ? '' : ` · ${texts.task.steps(steps.length)}`}
        </Text>
      </Group>
      {shown.length === 0 ? (
        <Empty title={eventTexts.noMatch} />
      ) : (
        <VirtualList
          label={texts.task.events}
          count={shown.length}
          rowPx={ROW_PX}
          mostPx={MOST_PX}
          keyOf={(index) => keyOf(at(index)) ?? index}
          className="entry"
        >
          {(index) => {
            const entry = at(index);
            if (entry === undefined) return null;
            if (entry.kind === 'step') return <Step step={entry} />;
            if (entry.kind !== 'folded') return <Entry entry={entry} />;
            return <Folded fold={entry} onOpen={() => setUnfolded((before) => new Set([...before, entry.seq]))} />;
          }}
        </VirtualList>
      )}
    </section>
  );
}

function keyOf(entry: ShownEntry | undefined): string | number | undefined {
  return entry?.kind === 'step' ? `step ${entry.step.number}` : entry?.seq;
}

/** What was said first and last, and how much in between. */
function Folded({
  fold: { first, last, count },
  onOpen,
}: {
  readonly fold: FoldedProgress;
  readonly onOpen: () => void;
}) {
  return (
    <>
      <Text span size="xs" c="dimmed" className="entry-seq numbers" ta="right">
        {last.seq}
      </Text>
      <Time at={last.at} />
      <span className="dot" style={{ background: 'var(--console-line)', transform: 'translateY(-1px)' }} />
      <Text size="sm" c="dimmed" className="any-line numbers" component="div">
        {first.text === '' && last.text === '' ? '' : `${said(first.text)} … ${said(last.text)} · `}
        <UnstyledButton className="entry-unfold" onClick={onOpen}>
          {eventTexts.unfold(count)}
        </UnstyledButton>
      </Text>
    </>
  );
}

function said(text: string): string {
  return text.length > MOST_CHARACTERS ? `${startOf(text, MOST_CHARACTERS)} …` : text;
}

function Time({ at }: { readonly at: string | null | undefined }) {
  return (
    <Text span size="xs" c="dimmed" className="entry-time numbers">
      {at === undefined || at === null ? '' : dateText(new Date(at), { timeStyle: 'medium' })}
    </Text>
  );
}

function Step({ step: { step } }: { readonly step: StepEntry }) {
  const { name, failed, endedAt } = step;
  const took = stepTookMs(step);
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
  const words = said(text);
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
            {percent(fraction ?? 0)}
            {words === '' ? '' : ` · ${words}`}
          </Text>
        ) : (
          words
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
