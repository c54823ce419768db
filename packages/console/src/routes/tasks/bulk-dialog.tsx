/** Says what will be done with which tasks, does it, shows how far that is, and tells what could not be done. */
import { Button, Group, Loader, Progress, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import type { Task } from '@continuo/client';
import { titleOf } from '@continuo/client/facts';
import { Dialog } from '../../components/dialog.js';
import { texts } from '../../texts.js';
import { taskListTexts } from '../../texts/task-list.js';
import { actOnMany, type Outcome } from './act-on-many.js';
import type { TaskFilters } from './filters.js';
import { findMatching, isPossible, MOST_AT_ONCE } from './find-matching.js';
import { countChildren, type Action } from './touched.js';

/** Trees are read to count the children of so many tasks, no more. */
const MOST_COUNTED = 20;
const MOST_NAMED = 50;

/** Tasks, or all that match. */
export type Chosen = { readonly tasks: readonly Task[] } | { readonly filters: TaskFilters };

interface Plan {
  /** Those that it is possible with. */
  readonly tasks: readonly Task[];
  readonly leftOut: number;
  readonly more: boolean;
  /** Undefined where they were not counted. */
  readonly children: number | undefined;
}

interface BulkDialogProps {
  readonly action: Action;
  readonly chosen: Chosen;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

export function BulkDialog({ action, chosen, onClose, onDone }: BulkDialogProps) {
  const client = useQueryClient();
  const [found, setFound] = useState(0);
  const [done, setDone] = useState(0);
  const stop = useRef<AbortController>(undefined);
  // What is said stays what is done, whatever the list shows meanwhile.
  const [what] = useState(chosen);
  const plan = useQuery({
    queryKey: ['bulk', action, what],
    queryFn: ({ signal }) => planFor(action, what, { signal, onFound: setFound }),
    staleTime: 0,
    gcTime: 0,
  });
  const act = useMutation({
    mutationFn: (tasks: readonly Task[]) => {
      stop.current = new AbortController();
      return actOnMany(action, tasks, { signal: stop.current.signal, onDone: setDone });
    },
    onSettled: () => void client.invalidateQueries({ queryKey: ['tasks'] }),
    // What went as it was announced needs no look.
    onSuccess: ({ done: n, moved, failed, left }) => {
      if (moved + failed.length + left > 0) return;
      notifications.show({ color: 'indigo', message: taskListTexts.done[action](n) });
      onClose();
      onDone();
    },
  });
  useEffect(() => () => stop.current?.abort(), []);
  const title = taskListTexts.act[action];
  const close = (): void => {
    onClose();
    if (act.data !== undefined) onDone();
  };
  const tasks = plan.data?.tasks ?? [];
  return (
    <Dialog onClose={act.isPending ? () => undefined : close} withCloseButton={!act.isPending} title={title}>
      <Stack>
        {act.data !== undefined ? (
          <Ended action={action} outcome={act.data} />
        ) : act.isPending ? (
          <Stack gap="xs" role="status">
            <Progress value={(done / tasks.length) * 100} aria-label={taskListTexts.progress} />
            <Text size="sm">{taskListTexts.running(done, tasks.length)}</Text>
          </Stack>
        ) : plan.error !== null ? (
          <Text size="sm" role="alert">
            {texts.common.failedToLoad}
          </Text>
        ) : plan.data === undefined ? (
          <Group gap="sm" role="status">
            <Loader size="xs" />
            {found === 0 ? taskListTexts.counting : taskListTexts.finding(found)}
          </Group>
        ) : (
          <Summary action={action} plan={plan.data} />
        )}
        <Group justify="flex-end">
          {act.data !== undefined ? (
            <Button onClick={close}>{texts.common.close}</Button>
          ) : act.isPending ? (
            <Button variant="default" onClick={() => stop.current?.abort()}>
              {taskListTexts.stop}
            </Button>
          ) : (
            <>
              <Button variant="default" onClick={onClose}>
                {taskListTexts.keep[action]}
              </Button>
              <Button
                color={action === 'retry' ? undefined : 'red.9'}
                disabled={tasks.length === 0}
                onClick={() => act.mutate(tasks)}
              >
                {title}
              </Button>
            </>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

async function planFor(
  action: Action,
  chosen: Chosen,
  options: { readonly signal: AbortSignal; readonly onFound: (n: number) => void },
): Promise<Plan> {
  if ('filters' in chosen) {
    const { tasks, more } = await findMatching(action, chosen.filters, options);
    return { tasks, more, leftOut: 0, children: await childrenOf(action, tasks) };
  }
  const tasks = chosen.tasks.filter((task) => isPossible(action, task));
  const leftOut = chosen.tasks.length - tasks.length;
  return { tasks, more: false, leftOut, children: await childrenOf(action, tasks) };
}

async function childrenOf(action: Action, tasks: readonly Task[]): Promise<number | undefined> {
  return tasks.length > MOST_COUNTED ? undefined : countChildren(action, tasks);
}

function Summary({
  action,
  plan: { tasks, children, leftOut, more },
}: {
  readonly action: Action;
  readonly plan: Plan;
}) {
  const n = tasks.length;
  const exact = taskListTexts.summary[action];
  const about = taskListTexts.about[action];
  return (
    <>
      <Text size="sm" data-summary>
        {n === 0 ? taskListTexts.nothing[action] : children === undefined ? about(n) : exact(n, children)}
      </Text>
      {leftOut === 0 ? null : (
        <Text size="sm" c="dimmed">
          {taskListTexts.leftOut[action](leftOut)}
        </Text>
      )}
      {more ? (
        <Text size="sm" c="dimmed">
          {taskListTexts.most(MOST_AT_ONCE)}
        </Text>
      ) : null}
    </>
  );
}

function Ended({
  action,
  outcome: { done, moved, failed, left },
}: {
  readonly action: Action;
  readonly outcome: Outcome;
}) {
  return (
    <Stack gap="xs" role="status">
      <Text size="sm">{taskListTexts.done[action](done)}</Text>
      {moved === 0 ? null : <Text size="sm">{taskListTexts.moved(moved)}</Text>}
      {left === 0 ? null : <Text size="sm">{taskListTexts.stopped(left)}</Text>}
      {failed.length === 0 ? null : (
        <>
          <Text size="sm" fw={600}>
            {taskListTexts.failed(failed.length)}
          </Text>
          <ul className="failed-tasks" tabIndex={0} aria-label={taskListTexts.failed(failed.length)}>
            {failed.slice(0, MOST_NAMED).map(({ task, message }) => (
              <li key={task.id}>
                <Link to="/tasks/$id" params={{ id: task.id }}>
                  {titleOf(task)}
                </Link>{' '}
                {message}
              </li>
            ))}
            {failed.length > MOST_NAMED ? <li>{taskListTexts.andMore(failed.length - MOST_NAMED)}</li> : null}
          </ul>
        </>
      )}
    </Stack>
  );
}
