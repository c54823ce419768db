/** The rows of the list: only those in view exist. */
import { Checkbox, Group, Progress, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, useCallback, useEffect, useRef } from 'react';
import type { Task } from '@continuo/client';
import { percent } from '../../formats.js';
import { startOf } from '../../components/cut-text.js';
import { plainLine } from '../../components/plain-line.js';
import { mainOfRow, opensAsAWhole } from '../../components/opens.js';
import { StateLabel } from '../../components/state-label.js';
import { Age, Ago, duration } from '../../components/time.js';
import {
  agentOf,
  createdAt,
  doneOf,
  failureOf,
  hasEnded,
  heldOf,
  progressOf,
  stateOf,
  textOf,
  titleOf,
} from '@continuo/client/facts';
import { texts } from '../../texts.js';
import { taskListTexts } from '../../texts/task-list.js';
import type { TaskFilters } from './filters.js';
import { OrderButton } from './order-button.js';
import { useRowCursor } from './use-row-cursor.js';

const ROW_PX = 54;
const NARROW_ROW_PX = 84;

interface TaskRowsProps {
  readonly tasks: readonly Task[];
  readonly order: TaskFilters['order'];
  readonly onOrder: (order: TaskFilters['order']) => void;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  /** The last row is in view. */
  readonly onEnd: () => void;
}

export function TaskRows({ tasks, order, onOrder, selected, onSelect, onEnd }: TaskRowsProps) {
  const box = useRef<HTMLDivElement>(null);
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  const rows = useVirtualizer({
    count: tasks.length,
    getScrollElement: () => box.current,
    estimateSize: () => (narrow ? NARROW_ROW_PX : ROW_PX),
    getItemKey: (index) => tasks[index]?.id ?? index,
    overscan: 8,
  });
  useEffect(() => rows.measure(), [narrow, rows]);
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= tasks.length - 1) onEnd();
  }, [last, tasks.length, onEnd]);
  const latest = useRef({ selected, onSelect });
  latest.current = { selected, onSelect };
  // The same for as long as the list is there: rows are not drawn again for it.
  const select = useCallback((id: string): void => {
    const after = new Set(latest.current.selected);
    if (!after.delete(id)) after.add(id);
    latest.current.onSelect(after);
  }, []);
  const cursor = useRowCursor({ tasks, box, scrollTo: (index) => rows.scrollToIndex(index), onSelect: select });
  const chosen = tasks.filter(({ id }) => selected.has(id)).length;
  return (
    <div role="table" aria-label={texts.pages.tasks} aria-rowcount={tasks.length + 1} style={{ display: 'contents' }}>
      <div role="rowgroup">
        <div role="row" className="task-row" data-head>
          <span role="columnheader">
            <Checkbox
              size="xs"
              aria-label={taskListTexts.selectLoaded}
              checked={chosen > 0 && chosen === tasks.length}
              indeterminate={chosen > 0 && chosen < tasks.length}
              onChange={(event) => onSelect(new Set(event.currentTarget.checked ? tasks.map(({ id }) => id) : []))}
            />
          </span>
          <span role="columnheader">{texts.tasks.state}</span>
          <span role="columnheader">{texts.tasks.title}</span>
          <span role="columnheader">{texts.tasks.progress}</span>
          <span role="columnheader" data-column="age">
            {texts.tasks.age}
          </span>
          <span role="columnheader">{texts.tasks.took}</span>
          <span role="columnheader" aria-sort={order === 'asc' ? 'ascending' : 'descending'}>
            <OrderButton order={order} onChange={onOrder} />
          </span>
        </div>
      </div>
      <div ref={box} className="rows" style={{ flex: 1 }} role="rowgroup" tabIndex={0}>
        <div role="presentation" style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, key, start, size }) => {
            const task = tasks[index];
            return task === undefined ? null : (
              <div
                key={key}
                role="presentation"
                style={{
                  position: 'absolute',
                  top: 0,
                  left: 0,
                  right: 0,
                  height: size,
                  transform: `translateY(${start}px)`,
                }}
              >
                <TaskRow
                  task={task}
                  index={index}
                  checked={selected.has(task.id)}
                  current={task.id === cursor}
                  onSelect={select}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface TaskRowProps {
  readonly task: Task;
  readonly index: number;
  readonly checked: boolean;
  /** Keys act on it. */
  readonly current: boolean;
  readonly onSelect: (id: string) => void;
}

const TaskRow = memo(
  function TaskRow({ task, index, checked, current, onSelect }: TaskRowProps) {
    const state = stateOf(task);
    const agent = agentOf(task);
    const { parentTaskId } = progressOf(task);
    const title = titleOf(task);
    const created = createdAt(task);
    const took =
      created === undefined || !hasEnded(state) ? undefined : Date.parse(task.status.timestamp) - created.getTime();
    return (
      <div
        role="row"
        aria-rowindex={index + 2}
        className="task-row"
        style={{ height: '100%' }}
        data-task={task.id}
        data-cursor={current || undefined}
        {...opensAsAWhole}
      >
        <span role="cell">
          <Checkbox
            size="xs"
            checked={checked}
            onChange={() => onSelect(task.id)}
            aria-label={taskListTexts.selectTask(agent, task.id)}
          />
        </span>
        <span role="cell" className="cell-state">
          <StateLabel state={state} held={heldOf(task) !== undefined} />
        </span>
        <span role="cell" className="cell-agent">
          <Link to="/tasks/$id" params={{ id: task.id }} {...mainOfRow}>
            <Text span size="sm" fw={500} className="one-line" display="block">
              {parentTaskId === undefined ? null : <span aria-hidden>↳ </span>}
              {title}
            </Text>{' '}
            <Text span size="xs" c="dimmed" className="one-line numbers" display="block">
              {title === agent ? '' : `${agent} · `}
              {task.id.slice(-6)}
            </Text>
          </Link>
        </span>
        <span role="cell" className="cell-progress" style={{ minWidth: 0 }}>
          <Advance task={task} />
        </span>
        <Text span role="cell" size="sm" c="dimmed" className="cell-age numbers">
          {created === undefined ? null : <Age at={created} />}
        </Text>
        <Text span role="cell" size="sm" c="dimmed" className="cell-took numbers">
          {took === undefined ? '' : duration(took)}
        </Text>
        <Text span role="cell" size="sm" c="dimmed" className="cell-changed numbers">
          <Ago at={task.status.timestamp} />
        </Text>
      </div>
    );
  },
  (before, after) =>
    before.task === after.task &&
    before.index === after.index &&
    before.checked === after.checked &&
    before.current === after.current,
);

/** While it works how far it is; afterwards what came of it. */
function Advance({ task }: { readonly task: Task }) {
  const state = stateOf(task);
  const { stage } = progressOf(task);
  const done = doneOf(task) ?? 0;
  if (hasEnded(state) || (done === 0 && stage === '')) {
    const said = failureOf(task)?.message ?? textOf(task.status.message?.parts);
    return (
      <Text size="sm" c="dimmed" className="one-line">
        {startOf(plainLine(said), 300)}
      </Text>
    );
  }
  return (
    <Group gap="sm" wrap="nowrap">
      <Progress
        value={done * 100}
        w={72}
        size="sm"
        style={{ flex: 'none' }}
        aria-label={texts.task.progressOf(agentOf(task))}
      />
      <Text size="sm" c="dimmed" className="one-line numbers">
        {percent(done)} {stage === '' ? '' : `· ${plainLine(stage)}`}
      </Text>
    </Group>
  );
}
