/** Deletes a task that has ended, with its children, once somebody has said that they mean it. */
import { Button, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Task } from '@continuo/client';
import { call } from '../../api/client.js';
import { confirmEnd } from '../../components/confirm.js';
import { complain } from '../../tasks/actions.js';
import { rerunTexts } from '../../texts/rerun.js';
import { taskListTexts } from '../../texts/task-list.js';
import { readDescendants } from '../tasks/task-queries.js';

export function DeleteTask({ task: { id } }: { readonly task: Task }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => call('deleteTask', { path: { id } }),
    onSuccess: async () => {
      notifications.show({ color: 'indigo', message: taskListTexts.done.delete(1) });
      await navigate({ to: '/tasks', search: {} });
      client.removeQueries({ queryKey: ['task', id] });
      void client.invalidateQueries({ queryKey: ['tasks'] });
    },
    onError: complain,
  });
  const ask = async (): Promise<void> => {
    const children = await readDescendants(id).catch(() => []);
    confirmEnd({
      title: rerunTexts.deleteQuestion,
      hint: (
        <Text size="sm" data-summary>
          {taskListTexts.summary.delete(1, children.length)}
        </Text>
      ),
      confirm: rerunTexts.delete,
      keep: rerunTexts.keep,
      onConfirm: () => remove.mutate(),
    });
  };
  return (
    <Button variant="default" loading={remove.isPending} onClick={() => void ask()}>
      {rerunTexts.delete}
    </Button>
  );
}
