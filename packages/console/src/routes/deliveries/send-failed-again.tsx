/** Sends again what was given up for one webhook in some time. */
import { Button, Group, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.js';
import { Dialog } from '../../components/dialog.js';
import { complain } from '../../tasks/actions.js';
import { deliveryTexts } from '../../texts/webhooks.js';

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
      notifications.show({ color: 'indigo', message: deliveryTexts.allDone(redelivered) });
      onClose();
      return client.invalidateQueries({ queryKey: ['deliveries'] });
    },
    onError: complain,
  });
  return (
    <Dialog onClose={onClose} title={deliveryTexts.allFailed}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (webhook !== null) send.mutate(webhook);
        }}
      >
        <Stack>
          <Text size="sm" c="dimmed">
            {deliveryTexts.allFailedHint}
          </Text>
          <Select
            label={deliveryTexts.endpoint}
            data={webhooks}
            value={webhook}
            onChange={setWebhook}
            required
            data-autofocus
          />
          <Select
            label={deliveryTexts.which}
            data={[
              { value: 'dead', label: deliveryTexts.dead },
              { value: 'dropped', label: deliveryTexts.dropped },
            ]}
            value={status}
            onChange={(value) => setStatus(value === 'dropped' ? 'dropped' : 'dead')}
            allowDeselect={false}
          />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput
              type="datetime-local"
              label={deliveryTexts.after}
              description={deliveryTexts.anyTime}
              value={after}
              onChange={(event) => setAfter(event.currentTarget.value)}
            />
            <TextInput
              type="datetime-local"
              label={deliveryTexts.before}
              description={deliveryTexts.anyTime}
              value={before}
              onChange={(event) => setBefore(event.currentTarget.value)}
            />
          </SimpleGrid>
          <Group justify="flex-end">
            <Button type="submit" loading={send.isPending} disabled={webhook === null}>
              {deliveryTexts.sendAll}
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
