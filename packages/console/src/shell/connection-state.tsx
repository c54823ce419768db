/** Whether the event stream of this tab is alive. */
import { Group, Text } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { feed } from '../api/feed.js';
import { texts } from '../texts.js';

const colours = { open: 'teal-6', connecting: 'gray-5', lost: 'orange-6' } as const;

export function ConnectionState() {
  const connection = useSyncExternalStore(feed.watch, feed.connection);
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
