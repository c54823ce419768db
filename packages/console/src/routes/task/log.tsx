/** What the task's agent has logged, oldest first, by level; it follows while the task works. */
import './log.css';
import { Group, Select, Switch, Text } from '@mantine/core';
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import type { Task, TaskLog } from '@continuo/client';
import { stateOf } from '@continuo/client/facts';
import { call } from '../../api/client.js';
import { Empty } from '../../components/conditions.js';
import { startOf } from '../../components/cut-text.js';
import { Paged, readOn } from '../../components/paged.js';
import { clock } from '../../components/time.js';
import { VirtualList } from '../../components/virtual-list.js';
import { texts } from '../../texts.js';
import { logTexts } from '../../texts/events.js';
import { traceTexts } from '../../texts/trace.js';

type Line = TaskLog['lines'][number];
type Level = Line['level'];

const levels = ['debug', 'info', 'warn', 'error'] as const satisfies readonly Level[];
const ROW_PX = 30;
const MOST_PX = 620;
const MOST_FIELDS = 1_000;
/** Lines are no events: while the task works, it is asked for them. */
const EVERY_MS = 2_000;

function linesOf(task: Task, level: Level) {
  return infiniteQueryOptions({
    queryKey: ['task', task.id, 'log', level],
    queryFn: ({ pageParam, signal }) =>
      call('readTaskLog', { path: { id: task.id }, query: { level, after: pageParam } }, signal),
    initialPageParam: 0,
    getNextPageParam: ({ next }: TaskLog) => next ?? undefined,
    refetchInterval: stateOf(task) === 'WORKING' ? EVERY_MS : false,
  });
}

export function Log({ task }: { readonly task: Task }) {
  const [level, setLevel] = useState<Level>('debug');
  const [follow, setFollow] = useState(stateOf(task) === 'WORKING');
  const pages = useInfiniteQuery(linesOf(task, level));
  const lines = pages.data?.pages.flatMap((page) => page.lines) ?? [];
  const dropped = pages.data?.pages.at(-1)?.dropped ?? 0;
  // A log has a few pages at most.
  useEffect(() => readOn(pages));
  return (
    <section className="panel" aria-label={texts.task.log}>
      <Group justify="space-between" px="md" py="xs" gap="xs">
        <Group gap="md">
          <Select
            size="xs"
            aria-label={logTexts.level}
            data={levels.map((value) => ({ value, label: logTexts.levels[value] }))}
            value={level}
            onChange={(value) => setLevel(levels.find((known) => known === value) ?? 'debug')}
            allowDeselect={false}
            w={180}
          />
          <Switch
            size="xs"
            label={logTexts.follow}
            checked={follow}
            onChange={(event) => setFollow(event.currentTarget.checked)}
          />
        </Group>
        <Text size="xs" c="dimmed" className="numbers" data-lines={lines.length}>
          {logTexts.lines(lines.length)}
          {dropped === 0 ? '' : ` · ${logTexts.dropped(dropped)}`}
        </Text>
      </Group>
      <Paged
        list={pages}
        count={lines.length}
        empty={
          level === 'debug' ? (
            <Empty title={logTexts.none} hint={logTexts.noneHint} />
          ) : (
            <Empty title={logTexts.noMatch} />
          )
        }
      >
        <VirtualList
          label={texts.task.log}
          count={lines.length}
          rowPx={ROW_PX}
          mostPx={MOST_PX}
          keyOf={(index) => lines[index]?.number ?? index}
          className="log-line"
          follow={follow}
        >
          {(index) => {
            const line = lines[index];
            return line === undefined ? null : <LogLine line={line} taskId={task.id} />;
          }}
        </VirtualList>
      </Paged>
    </section>
  );
}

function LogLine({
  line: { at, level, message, fields, step },
  taskId,
}: {
  readonly line: Line;
  readonly taskId: string;
}) {
  const more = fields === undefined ? '' : JSON.stringify(fields);
  return (
    <>
      <span className="log-at numbers">{clock(at)}</span>
      <span className="log-level" data-level={level}>
        {logTexts.names[level]}
      </span>
      <span className="any-line">
        {message}
        {more === '' ? null : <span className="log-fields"> {startOf(more, MOST_FIELDS)}</span>}
        {step === undefined ? null : (
          <>
            {' '}
            <Link
              to="/tasks/$id"
              params={{ id: taskId }}
              search={{ at: encodeURIComponent(step) }}
              className="log-step"
              title={logTexts.step}
            >
              {traceTexts.kinds.step}
            </Link>
          </>
        )}
      </span>
    </>
  );
}
