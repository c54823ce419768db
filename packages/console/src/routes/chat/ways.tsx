/** Between the ways that a conversation has gone from a message on. */
import { Group, Text } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { texts } from '../../texts.js';
import { Action } from './answer-actions.js';
import type { Ways } from './branches.js';

interface WaysSwitchProps extends Ways {
  readonly goTo: (sessionId: string) => void;
}

export function WaysSwitch({ at, sessions, goTo }: WaysSwitchProps) {
  const step = (by: number) => {
    const to = sessions[at + by];
    return { disabled: to === undefined, onClick: () => to !== undefined && goTo(to) };
  };
  return (
    <Group gap={0} wrap="nowrap" role="group" aria-label={texts.chat.ways} className="ways">
      <Action label={texts.chat.wayBefore} icon={IconChevronLeft} {...step(-1)} />
      <Text size="xs" c="dimmed" px={2}>
        {at + 1}/{sessions.length}
      </Text>
      <Action label={texts.chat.wayAfter} icon={IconChevronRight} {...step(1)} />
    </Group>
  );
}
