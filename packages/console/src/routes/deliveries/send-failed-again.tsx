/** Sends again what was given up for one webhook in some time. */
import { Button, Group, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { Dialog } from '../../components/dialog.js';
import { complain } from '../../tasks/actions.js';
import { texts } from '../../texts.js';

interface SendFailedAgainProps {
  readonly webhooks: readonly { readonly value: string; readonly label: string }[];
  readonly endpoint: string | undefined;
  readonly onClose: () => void;
}

export function SendFailedAgain({ webhooks, endpoint, onClose }: SendFailedAgainProps) {
  const client = useQueryClient();
  const [webhook, setWebhook] = useState<string | null>(
    endpoint ?? (webhooks.length === 1 ? (webhooks[0]?.value ?? null) : null),
  );
  const [status, setStatus] = useState<'dead' | 'dropped'>('dead');
  const [after, setAfter] = useState('');
  const [before, setBefore] = useState('');
  const send = useMutation({
    mutationFn: (chosen: string) =>
      call('redeliverAll', { body: { endpoint: chosen, status, after: toTime(after), before: toTime(before) } }),
    onSuccess: ({ redelivered }) => {
      notifications.show({ color: 'indigo', message: texts.deliveries.allDone(redelivered) });
      onClose();
      return client.invalidateQueries({ queryKey: ['deliveries'] });
    },
    onError: complain,
  });
  return (
    <Dialog onClose={onClose} title={texts.deliveries.allFailed}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (webhook !== null) send.mutate(webhook);
        }}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            {texts.deliveries.allFailedHint}
          </Text>
          <Select
            label={texts.deliveries.endpoint}
            data={webhooks}
            value={webhook}
            onChange={setWebhook}
            required
            data-autofocus
          />
          <Select
            label={texts.deliveries.which}
            data={[
              { value: 'dead', label: texts.deliveries.dead },
              { value: 'dropped', label: texts.deliveries.dropped },
            ]}
            value={status}
            onChange={(value) => setStatus(value === 'dropped' ? 'dropped' : 'dead')}
            allowDeselect={false}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput
              type="datetime-local"
              label={texts.deliveries.after}
              description={texts.deliveries.anyTime}
              value={after}
              onChange={(event) => setAfter(event.currentTarget.value)}
            />
            <TextInput
              type="datetime-local"
              label={texts.deliveries.before}
              description={texts.deliveries.anyTime}
              value={before}
              onChange={(event) => setBefore(event.currentTarget.value)}
            />
          </SimpleGrid>
          <Group justify="flex-end">
            <Button type="submit" loading={send.isPending} disabled={webhook === null}>
              {texts.deliveries.sendAll}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/** What a person writes is in the time of their place. */
function toTime(local: string): string | null {
  return local === '' ? null : new Date(local).toISOString();
}
