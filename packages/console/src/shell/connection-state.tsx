/** Whether the event stream of this tab is alive, and the server takes requests. */
import { Group, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ContinuoApiError } from '@continuo/client';
import { useSyncExternalStore } from 'react';
import { call } from '../api/client.js';
import { feed } from '../api/feed.js';
import { texts } from '../texts.js';

const colours = { open: 'teal-6', connecting: 'gray-5', lost: 'orange-6', busy: 'orange-6' } as const;

const READY_MS = 5_000;
const UNAVAILABLE = 503;

/** A server that is about to stop goes on with its streams until it does, and takes nothing new meanwhile. */
const readiness = {
  queryKey: ['ready'],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) => call('isReady', {}, signal),
  refetchInterval: READY_MS,
  retry: false,
  gcTime: 0,
};

export function ConnectionState() {
  const stream = useSyncExternalStore(feed.watch, feed.connection);
  const { error } = useQuery(readiness);
  const refuses = error instanceof ContinuoApiError && error.status === UNAVAILABLE;
  const connection = stream === 'open' && refuses ? 'busy' : stream;
  return (
    <Group gap={8} wrap="nowrap" role="status" data-connection={connection}>
      <span
        className="dot"
        style={{ background: `var(--mantine-color-${colours[connection]})` }}
        data-lively={connection === 'open' ? undefined : true}
      />
      <Text size="xs" c="dimmed">
        {texts.connection[connection]}
      </Text>
    </Group>
  );
}
