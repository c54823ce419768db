/** All that waits for whoever is signed in: answered in place, one after the other, by keyboard as well. */
import './inbox.css';
import { Group, Kbd, Stack, Text, Title } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { Empty, Failed, Loading } from '../../components/conditions.js';
import { usePageTitle } from '../../shell/page-title.js';
import { usePageShortcuts, useShortcutsOn } from '../../shell/shortcuts.js';
import { useNeedsYou } from '../../tasks/needs-you.js';
import { texts } from '../../texts.js';
import { InboxItem } from './inbox-item.js';
import { OfPrograms } from './of-programs.js';

export function InboxPage() {
  const { tasks, ofPrograms, isPending, error, more } = useNeedsYou();
  const list = useRef<HTMLOListElement>(null);
  const [selected, setSelected] = useState<string>();
  const [on] = useShortcutsOn();
  const navigate = useNavigate();
  usePageTitle(tasks.length === 0 ? undefined : texts.inbox.title);
  // What was answered is gone: the one that is in its place now is the next.
  const before = useRef(0);
  const found = tasks.findIndex(({ id }) => id === selected);
  const at = found === -1 ? Math.min(before.current, tasks.length - 1) : found;
  before.current = Math.max(0, at);
  const current = tasks[at];
  const select = (by: number): void => {
    const next = tasks[Math.max(0, Math.min(tasks.length - 1, selected === undefined ? 0 : at + by))];
    if (next === undefined) return;
    setSelected(next.id);
    list.current?.querySelector<HTMLElement>(`[data-task="${next.id}"]`)?.focus();
  };
  usePageShortcuts([
    { keys: 'j', does: texts.inbox.next, run: () => select(1) },
    { keys: 'k', does: texts.inbox.previous, run: () => select(-1) },
    {
      keys: 'o',
      does: texts.inbox.openChat,
      run: () => current !== undefined && void navigate({ to: '/chat/$id', params: { id: current.contextId } }),
    },
  ]);
  if (error !== null && tasks.length === 0) return <Failed error={error} />;
  return (
    <Stack className="inbox" gap="md" p={{ base: 'sm', sm: 'lg' }}>
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={1}>{texts.inbox.title}</Title>
          <Text size="sm" c="dimmed" role="status">
            {tasks.length === 0 ? texts.inbox.hint : texts.inbox.count(tasks.length)}
          </Text>
        </div>
        {on && tasks.length > 0 ? (
          <Text size="xs" c="dimmed" visibleFrom="sm">
            <Kbd size="xs">j</Kbd> <Kbd size="xs">k</Kbd> {texts.inbox.move} ·{' '}
            <Kbd size="xs">{texts.shortcuts.keyNames.enter}</Kbd> {texts.inbox.answer} · <Kbd size="xs">o</Kbd>{' '}
            {texts.inbox.chatKey}
          </Text>
        ) : null}
      </Group>
      {isPending && tasks.length === 0 ? <Loading /> : null}
      {!isPending && tasks.length === 0 ? <Empty title={texts.inbox.none}>{texts.inbox.noneHint}</Empty> : null}
      <ol className="inbox-list" ref={list} aria-label={texts.inbox.list} hidden={tasks.length === 0}>
        {tasks.map((task) => (
          <InboxItem
            key={task.id}
            task={task}
            selected={task.id === current?.id && selected !== undefined}
            onSelect={setSelected}
          />
        ))}
      </ol>
      <OfPrograms tasks={ofPrograms} />
      {more ? (
        <Text size="sm" c="dimmed">
          {texts.inbox.more(tasks.length + ofPrograms.length)}
        </Text>
      ) : null}
    </Stack>
  );
}
