/** The state of a task: a dot that says it at a glance, and the word. */
import { Group, Text } from '@mantine/core';
import type { TaskState } from '../tasks/task-facts.js';
import { texts } from '../texts.js';

const colours: Readonly<Record<TaskState, string>> = {
  SUBMITTED: 'gray.5',
  WORKING: 'blue.6',
  INPUT_REQUIRED: 'orange.6',
  AUTH_REQUIRED: 'orange.6',
  COMPLETED: 'teal.6',
  FAILED: 'red.7',
  CANCELED: 'gray.6',
  REJECTED: 'red.7',
};

export function colourOf(state: TaskState): string {
  return `var(--mantine-color-${colours[state].replace('.', '-')})`;
}

export function StateLabel({ state }: { readonly state: TaskState }) {
  return (
    <Group gap={8} wrap="nowrap" data-state={state}>
      <span className="dot" style={{ background: colourOf(state) }} data-lively={state === 'WORKING' || undefined} />
      <Text span size="sm" className="one-line">
        {texts.states[state]}
      </Text>
    </Group>
  );
}
