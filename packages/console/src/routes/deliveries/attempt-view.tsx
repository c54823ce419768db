/** What came of one request to a receiver. */
import { Group, Stack, Text } from '@mantine/core';
import type { WebhookAttempt } from '@continuo/client';
import { Code } from '../../components/parts.js';
import { At } from '../../components/time.js';
import { deliveryTexts } from '../../texts/webhooks.js';

interface AttemptViewProps {
  readonly attempt: Omit<WebhookAttempt, 'number'> & Partial<Pick<WebhookAttempt, 'number'>>;
}

export function AttemptView({ attempt: { number, at, status, latencyMs, response, error } }: AttemptViewProps) {
  return (
    <Stack gap={6}>
      <Group gap="md">
        {number === undefined ? null : (
          <Text size="sm" fw={600}>
            {deliveryTexts.attempt(number)}
          </Text>
        )}
        <Text size="sm" className="numbers">
          {outcomeOf(status)}
        </Text>
        <Text size="sm" c="dimmed" className="numbers">
          {deliveryTexts.latency(latencyMs)}
        </Text>
        <Text size="sm" c="dimmed">
          <At at={at} />
        </Text>
      </Group>
      {error === null ? null : (
        <Text size="sm" className="any-line">
          {error}
        </Text>
      )}
      {response === null || response === '' ? null : (
        <div role="group" aria-label={deliveryTexts.response}>
          <Code text={response} />
        </div>
      )}
    </Stack>
  );
}

export function outcomeOf(status: number | null): string {
  return status === null ? deliveryTexts.noAnswer : deliveryTexts.answered(status);
}
