/** Why a task is held: what it has done and what its code now does, and what people can do about it. */
import { Button, Group, Stack, Text, Title } from '@mantine/core';
import type { Task } from '@continuo/client';
import { heldColour } from '../../components/state-label.js';
import { At } from '../../components/time.js';
import { useRetry } from '../../tasks/actions.js';
import { heldOf } from '@continuo/client/facts';
import { texts } from '../../texts.js';

interface HeldPanelProps {
  readonly task: Task;
  /** What tells it from others on the page. */
  readonly label?: string;
}

export function HeldPanel({ task, label = texts.held.title }: HeldPanelProps) {
  const retry = useRetry(task.id);
  const held = heldOf(task);
  if (held === undefined) return null;
  const { finished, found, since, reason } = held;
  const sending = (from: 'failed-step' | 'start'): boolean => retry.isPending && retry.variables === from;
  return (
    <section className="panel" aria-label={label} style={{ borderLeft: `3px solid ${heldColour}`, padding: 16 }}>
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>{reason === undefined ? texts.held.title : texts.held.label}</Title>
          {since === '' ? null : (
            <Text size="sm" c="dimmed">
              {texts.held.since} <At at={since} />
            </Text>
          )}
        </Group>
        {reason === undefined ? (
          <>
            <div>
              <Text className="any-line">{texts.held.finished(inWords(finished))}</Text>
              <Text className="any-line">{texts.held.found(inWords(found))}</Text>
            </div>
            <Text size="sm" c="dimmed">
              {texts.held.hint}
            </Text>
            <Group gap="xs">
              <Button variant="default" loading={sending('failed-step')} onClick={() => retry.mutate('failed-step')}>
                {texts.held.again}
              </Button>
              <Button variant="default" loading={sending('start')} onClick={() => retry.mutate('start')}>
                {texts.held.restart}
              </Button>
            </Group>
          </>
        ) : (
          <Text className="any-line">{reason}</Text>
        )}
      </Stack>
    </section>
  );
}

/** With the quotation marks of a text for people. */
function inWords(what: string): string {
  return what.replaceAll(/"([^"]*)"/g, '“$1”');
}
