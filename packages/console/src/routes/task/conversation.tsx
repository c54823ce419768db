/** What was said in the task, by whom. */
import { Stack, Text } from '@mantine/core';
import type { Task } from '@continuo/client';
import { Empty } from '../../components/conditions.js';
import { Parts } from '../../components/parts.js';
import { agentOf } from '@continuo/client/facts';
import { texts } from '../../texts.js';

export function Conversation({ task }: { readonly task: Task }) {
  const history = task.history ?? [];
  if (history.length === 0) return <Empty title={texts.task.noConversation} />;
  return (
    <Stack gap="sm">
      {history.map((message) => {
        const own = message.role === 'ROLE_USER';
        return (
          <article
            key={message.messageId}
            className="panel"
            style={{ padding: 16, background: own ? 'var(--console-own)' : undefined }}
          >
            <Text size="xs" fw={600} mb={6}>
              {own ? texts.task.user : agentOf(task)}
            </Text>
            <Parts parts={message.parts} under={1} />
          </article>
        );
      })}
    </Stack>
  );
}
