/** Why a task failed. */
import { Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { Failure } from '@continuo/client/facts';
import { texts } from '../../texts.js';

export function FailurePanel({ failure }: { readonly failure: Failure }) {
  return (
    <section
      className="panel"
      aria-label={texts.task.failed}
      style={{ borderLeft: '3px solid var(--mantine-color-red-7)', padding: 16 }}
    >
      <Title order={2}>{texts.task.failed}</Title>
      <Text className="any-line" mt={4}>
        {failure.message}
      </Text>
      {failure.causes.map((cause) => (
        <Text key={cause} size="sm" c="dimmed" className="any-line">
          ← {cause}
        </Text>
      ))}
      {failure.step === undefined ? null : (
        <Text size="sm" c="dimmed">
          {texts.task.step} “{failure.step}”
        </Text>
      )}
      {failure.childTaskId === undefined ? null : (
        <Link to="/tasks/$id" params={{ id: failure.childTaskId }}>
          {texts.task.failedChild}
        </Link>
      )}
    </section>
  );
}
