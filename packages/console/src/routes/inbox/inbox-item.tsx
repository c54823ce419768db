/** One task that waits: what it was asked, since when it waits, and the form that it waits for. */
import { Group, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { Task } from '@continuo/client';
import { agentOf, heldOf, titleOf } from '@continuo/client/facts';
import { QuestionPanel } from '../../components/question-panel.js';
import { Ago } from '../../components/time.js';
import { texts } from '../../texts.js';
import { HeldPanel } from '../task/held-panel.js';

/** Where an answer begins. */
const FIRST_FIELD = 'form :is(input, textarea, button), .inbox-body button';

interface InboxItemProps {
  readonly task: Task;
  readonly selected: boolean;
  readonly onSelect: (id: string) => void;
}

export const InboxItem = memo(function InboxItem({ task, selected, onSelect }: InboxItemProps) {
  const title = titleOf(task);
  const agent = agentOf(task);
  // The same may wait twice.
  const label = `${agent}: ${title}, ${task.id.slice(-6)}`;
  return (
    <li
      className="inbox-item panel"
      data-task={task.id}
      data-selected={selected || undefined}
      tabIndex={-1}
      aria-label={`${agent}: ${title}`}
      onFocus={() => onSelect(task.id)}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && event.target === event.currentTarget) {
          event.preventDefault();
          event.currentTarget.querySelector<HTMLElement>(FIRST_FIELD)?.focus();
        } else if (event.key === 'Escape' && event.target !== event.currentTarget) event.currentTarget.focus();
      }}
    >
      <Group justify="space-between" wrap="nowrap" gap="sm" className="inbox-head">
        <div style={{ minWidth: 0 }}>
          <Text fw={600} className="one-line">
            {title}
          </Text>
          <Text size="xs" c="dimmed" className="one-line">
            {title === agent ? null : `${agent} · `}
            <Ago at={task.status.timestamp} />
          </Text>
        </div>
        <Group gap="sm" wrap="nowrap" flex="none">
          <Link to="/chat/$id" params={{ id: task.contextId }} className="quiet-link">
            {texts.inbox.chat}
          </Link>
          <Link to="/tasks/$id" params={{ id: task.id }} className="quiet-link">
            {texts.inbox.task}
          </Link>
        </Group>
      </Group>
      <div className="inbox-body">
        {heldOf(task) === undefined ? (
          <QuestionPanel task={task} label={label} />
        ) : (
          <HeldPanel task={task} label={label} />
        )}
      </div>
    </li>
  );
});
