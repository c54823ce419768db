/** The buttons of a task: cancel, retry, run again, delete, and the way to its session. */
import { Button, Group, Menu, Text } from '@mantine/core';
import { IconChevronDown, IconPlayerPlay, IconRefresh } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Task } from '@continuo/client';
import { confirmEnd } from '../../components/confirm.js';
import { useCancel, useRetry } from '../../tasks/actions.js';
import { canRetry, hasEnded, progressOf, stateOf } from '@continuo/client/facts';
import { texts } from '../../texts.js';
import { rerunTexts } from '../../texts/rerun.js';
import { taskListTexts } from '../../texts/task-list.js';
import { readDescendants } from '../tasks/task-queries.js';
import { DeleteTask } from './delete-task.js';
import { EditInput } from './edit-input.js';
import { askedIn } from './input.js';
import { isStateless, useRunAgain } from './run-again.js';

export function TaskActions({ task }: { readonly task: Task }) {
  const state = stateOf(task);
  const cancel = useCancel(task.id);
  const ask = async (): Promise<void> => {
    const children = progressOf(task).rootTaskId === undefined ? await readDescendants(task.id).catch(() => []) : [];
    const running = children.filter((child) => !hasEnded(stateOf(child))).length;
    confirmEnd({
      title: texts.task.cancelQuestion,
      hint: (
        <Text size="sm" data-summary>
          {taskListTexts.summary.cancel(1, running)}
        </Text>
      ),
      confirm: texts.task.cancel,
      keep: texts.task.keep,
      onConfirm: () => cancel.mutate(undefined),
    });
  };
  return (
    <Group gap="xs">
      {isStateless(task) ? null : (
        <Link to="/chat/$id" params={{ id: task.contextId }} className="quiet-link">
          {texts.task.openSession}
        </Link>
      )}
      {hasEnded(state) ? (
        <>
          {progressOf(task).parentTaskId === undefined ? <DeleteTask task={task} /> : null}
          <Again task={task} />
        </>
      ) : (
        <Button variant="default" loading={cancel.isPending} onClick={() => void ask()}>
          {texts.task.cancel}
        </Button>
      )}
    </Group>
  );
}

/** An attempt more of what failed, or a new task with the same input or another. */
function Again({ task }: { readonly task: Task }) {
  const retry = useRetry(task.id);
  const again = useRunAgain(task);
  const [editing, setEditing] = useState(false);
  const retries = canRetry(stateOf(task));
  const asked = askedIn(task);
  if (!retries && asked === undefined) return null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant={retries ? 'filled' : 'default'}
            loading={retry.isPending || again.isPending}
            leftSection={retries ? <IconRefresh size={16} aria-hidden /> : <IconPlayerPlay size={16} aria-hidden />}
            rightSection={<IconChevronDown size={14} aria-hidden />}
          >
            {retries ? texts.common.tryAgain : rerunTexts.again}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {retries ? (
            <>
              <Menu.Item onClick={() => retry.mutate('failed-step')}>{texts.task.retry}</Menu.Item>
              <Menu.Item onClick={() => retry.mutate('start')}>{texts.task.restart}</Menu.Item>
            </>
          ) : null}
          {retries && asked !== undefined ? <Menu.Divider /> : null}
          {asked === undefined ? null : (
            <>
              <Menu.Item onClick={() => again.mutate(asked.parts)}>{rerunTexts.same}</Menu.Item>
              <Menu.Item onClick={() => setEditing(true)}>{rerunTexts.edit}</Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {editing ? <EditInput task={task} onClose={() => setEditing(false)} /> : null}
    </>
  );
}
