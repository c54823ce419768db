/** Cancels or retries several tasks, after saying what that touches. */
import { Button, Group, Loader, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.js';
import type { Task } from '@continuo/client';
import { Dialog } from '../../components/dialog.js';
import { canRetry, hasEnded, stateOf } from '@continuo/client/facts';
import { texts } from '../../texts.js';
import { countChildren, type Action } from './touched.js';

interface BulkActionsProps {
  readonly tasks: readonly Task[];
  readonly onDone: () => void;
}

export function BulkActions({ tasks, onDone }: BulkActionsProps) {
  const [action, setAction] = useState<Action>();
  const cancelable = tasks.filter((task) => !hasEnded(stateOf(task)));
  const retryable = tasks.filter((task) => canRetry(stateOf(task)));
  return (
    <Group className="panel" px="md" py="xs" gap="sm">
      <Text size="sm" fw={500} role="status">
        {texts.tasks.selected(tasks.length)}
      </Text>
      <Button size="xs" variant="default" disabled={cancelable.length === 0} onClick={() => setAction('cancel')}>
        {texts.tasks.cancelSome}
      </Button>
      <Button size="xs" variant="default" disabled={retryable.length === 0} onClick={() => setAction('retry')}>
        {texts.tasks.retrySome}
      </Button>
      <Button size="xs" variant="subtle" color="gray" c="dimmed" onClick={onDone}>
        {texts.common.cancel}
      </Button>
      {action === undefined ? null : (
        <Confirm
          action={action}
          tasks={action === 'cancel' ? cancelable : retryable}
          leftOut={tasks.length - (action === 'cancel' ? cancelable : retryable).length}
          onClose={() => setAction(undefined)}
          onDone={onDone}
        />
      )}
    </Group>
  );
}

interface ConfirmProps {
  readonly action: Action;
  /** Those that it is possible with. */
  readonly tasks: readonly Task[];
  readonly leftOut: number;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function Confirm({ action, tasks, leftOut, onClose, onDone }: ConfirmProps) {
  const client = useQueryClient();
  const children = useQuery({
    queryKey: ['tasks', 'touched', action, tasks.map(({ id }) => id)],
    queryFn: () => countChildren(action, tasks),
  });
  const act = useMutation({
    mutationFn: () => Promise.allSettled(tasks.map((task) => perform(action, task.id))),
    onSuccess: (outcomes) => {
      const refused = outcomes.filter(({ status }) => status === 'rejected').length;
      notifications.show({ color: 'indigo', message: texts.tasks.done(outcomes.length - refused) });
      if (refused > 0) notifications.show({ color: 'red.8', message: texts.tasks.notDone(refused) });
      void client.invalidateQueries({ queryKey: ['tasks'] });
      onClose();
      onDone();
    },
  });
  const title = action === 'cancel' ? texts.tasks.cancelSome : texts.tasks.retrySome;
  return (
    <Dialog onClose={onClose} title={title}>
      <Stack>
        {children.error !== null ? (
          <Text size="sm" role="alert">
            {texts.common.failedToLoad}
          </Text>
        ) : children.data === undefined ? (
          <Group gap="sm" role="status">
            <Loader size="xs" />
            {texts.tasks.counting}
          </Group>
        ) : (
          <Text size="sm" data-summary>
            {action === 'cancel'
              ? texts.tasks.cancelSummary(tasks.length, children.data)
              : texts.tasks.retrySummary(tasks.length, children.data)}
          </Text>
        )}
        {leftOut === 0 ? null : (
          <Text size="sm" c="dimmed">
            {texts.tasks.leftOut(leftOut)}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {texts.common.keep}
          </Button>
          <Button
            color={action === 'cancel' ? 'red.9' : undefined}
            loading={act.isPending}
            disabled={children.data === undefined}
            onClick={() => act.mutate()}
          >
            {title}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

async function perform(action: Action, id: string): Promise<void> {
  if (action === 'cancel') await call('cancelTask', { path: { id } });
  else await call('retryTask', { path: { id }, body: {} });
}
