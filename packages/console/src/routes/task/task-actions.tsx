/** The buttons of a task: cancel, retry, and the way to its session. */
import { Button, Group, Menu, Text } from '@mantine/core';
import { IconChevronDown, IconRefresh } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { Task } from '@continuo/client';
import { confirmEnd } from '../../components/confirm.js';
import { useCancel, useRetry } from '../../tasks/actions.js';
import { SESSIONS_EXTENSION } from '@continuo/client/extensions';
import { canRetry, fieldsIn, hasEnded, progressOf, stateOf } from '@continuo/client/facts';
import { texts } from '../../texts.js';
import { readDescendants } from '../tasks/task-queries.js';

export function TaskActions({ task }: { readonly task: Task }) {
  const state = stateOf(task);
  const cancel = useCancel(task.id);
  const retry = useRetry(task.id);
  const ask = async (): Promise<void> => {
    const children = progressOf(task).rootTaskId === undefined ? await readDescendants(task.id).catch(() => []) : [];
    const running = children.filter((child) => !hasEnded(stateOf(child))).length;
    confirmEnd({
      title: texts.task.cancelQuestion,
      hint: (
        <Text size="sm" data-summary>
          {texts.tasks.cancelSummary(1, running)}
        </Text>
      ),
      confirm: texts.task.cancel,
      onConfirm: () => cancel.mutate(undefined),
    });
  };
  return (
    <Group gap="xs">
      {fieldsIn(task.metadata, SESSIONS_EXTENSION)?.['stateless'] === true ? null : (
        <Link to="/chat/$id" params={{ id: task.contextId }} className="quiet-link">
          {texts.task.openSession}
        </Link>
      )}
      {hasEnded(state) ? null : (
        <Button variant="default" loading={cancel.isPending} onClick={() => void ask()}>
          {texts.task.cancel}
        </Button>
      )}
      {canRetry(state) ? (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button
              loading={retry.isPending}
              leftSection={<IconRefresh size={16} aria-hidden />}
              rightSection={<IconChevronDown size={14} aria-hidden />}
            >
              {texts.common.tryAgain}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => retry.mutate('failed-step')}>{texts.task.retry}</Menu.Item>
            <Menu.Item onClick={() => retry.mutate('start')}>{texts.task.restart}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ) : null}
    </Group>
  );
}
