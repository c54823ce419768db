/** What happened, newest first; of ten thousand entries only those in view exist. */
import { Group, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { Loading } from '../../components/conditions.js';
import { colourOf } from '../../components/state-label.js';
import type { TaskLogView, TimelineEntry } from '../../tasks/task-log.js';
import { texts } from '../../texts.js';

const ROW_PX = 34;
const MOST_PX = 620;
const MOST_CHARACTERS = 600;

export function Timeline({ log }: { readonly log: TaskLogView }) {
  const box = useRef<HTMLDivElement>(null);
  const { timeline } = log;
  const rows = useVirtualizer({
    count: timeline.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => timeline[timeline.length - 1 - index]?.seq ?? index,
    overscan: 10,
  });
  if (log.events === 0) return <Loading />;
  return (
    <section className="panel" aria-label={texts.task.timeline}>
      <Group justify="flex-end" px="md" pt="xs">
        <Text size="xs" c="dimmed" className="numbers" data-events={log.events}>
          {texts.task.events(log.events)}
        </Text>
      </Group>
      <div
        ref={box}
        role="list"
        aria-label={texts.task.timeline}
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
                <Entry entry={entry} />
              </div>
            );
          })}
        </div>
      </div>
    </section>
  );
}

function Entry({ entry }: { readonly entry: TimelineEntry }) {
  const { seq, at, state, kind, text, fraction, events } = entry;
  const said = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)} …` : text;
  const colour = kind === 'state' || kind === 'message' ? colourOf(state ?? 'WORKING') : 'var(--console-line)';
  return (
    <>
      <Text span size="xs" c="dimmed" className="entry-seq numbers" ta="right">
        {seq}
      </Text>
      <Text span size="xs" c="dimmed" className="entry-time numbers">
        {at === undefined ? '' : new Date(at).toLocaleTimeString('en', { hour12: false })}
      </Text>
      <span className="dot" style={{ background: colour, transform: 'translateY(-1px)' }} />
      <span className="any-line">
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
            · {events === 1 ? texts.task.artifacts : texts.task.chunks(events)}
          </Text>
        ) : null}
      </span>
    </>
  );
}
