/** The conversations beside the one that is shown: by day, searched, pinned, renamed, deleted. */
import { ActionIcon, Button, Menu, Text, TextInput } from '@mantine/core';
import { IconDots, IconEdit, IconPin, IconSearch } from '@tabler/icons-react';
import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useId, useMemo, useState } from 'react';
import type { Session } from '@continuo/client';
import { call } from '../../api/client.js';
import { byToken } from '../../api/pages.js';
import { removeSession } from '../../components/remove-session.js';
import { RenameSession } from '../../components/rename-session.js';
import { titleOf } from '../../components/session-title.js';
import { useTyped } from '../../components/use-typed.js';
import { complain } from '../../tasks/actions.js';
import { useNeedsYou } from '../../tasks/needs-you.js';
import { PINNED } from '../../tasks/session-marks.js';
import { texts } from '../../texts.js';
import { familyOf } from './branches.js';
import { groupsOf, isPinned } from './sessions-by-date.js';

function columnPages(q: string) {
  return infiniteQueryOptions({
    queryKey: ['sessions', 'column', q],
    queryFn: ({ pageParam, signal }) =>
      call('listSessions', { query: { q: q === '' ? undefined : q, pageSize: 50, pageToken: pageParam } }, signal),
    ...byToken,
    placeholderData: (before) => before,
  });
}

const working = queryOptions({
  queryKey: ['tasks', 'working'],
  queryFn: ({ signal }) => call('listTasks', { query: { state: 'WORKING', pageSize: 100 } }, signal),
});

export function SessionColumn({ shown }: { readonly shown: Session | undefined }) {
  const [q, setQ] = useState('');
  const [text, type] = useTyped(q, setQ);
  const pages = useInfiniteQuery(columnPages(q));
  const groups = useMemo(
    () => groupsOf(pages.data?.pages.flatMap(({ sessions }) => sessions) ?? [], new Date()),
    [pages.data],
  );
  const busy = new Set(useQuery(working).data?.tasks.map(({ contextId }) => contextId));
  const waiting = new Set(useNeedsYou().tasks.map(({ contextId }) => contextId));
  const [renamed, setRenamed] = useState<Session>();
  const current = shown === undefined ? undefined : familyOf(shown);
  const id = useId();
  return (
    <aside className="session-column" aria-label={texts.chat.conversations}>
      <Button
        variant="default"
        justify="flex-start"
        leftSection={<IconEdit size={16} aria-hidden />}
        renderRoot={(props) => <Link to="/chat" {...props} />}
      >
        {texts.chat.newChat}
      </Button>
      <TextInput
        data-search
        size="sm"
        aria-label={texts.chat.searchChats}
        placeholder={texts.chat.searchChats}
        leftSection={<IconSearch size={15} aria-hidden />}
        value={text}
        onChange={(event) => type(event.currentTarget.value)}
      />
      <div className="session-groups">
        {groups.map(({ label, sessions }, index) => (
          <section key={label} aria-labelledby={`${id}${index}`}>
            <Text size="xs" c="dimmed" fw={600} className="session-day" id={`${id}${index}`}>
              {label}
            </Text>
            <ul>
              {sessions.map((session) => (
                <Entry
                  key={session.id}
                  session={session}
                  current={familyOf(session) === current}
                  state={waiting.has(session.id) ? 'waiting' : busy.has(session.id) ? 'working' : undefined}
                  onRename={() => setRenamed(session)}
                />
              ))}
            </ul>
          </section>
        ))}
        {groups.length === 0 && !pages.isPending ? (
          <Text size="sm" c="dimmed" p="xs">
            {q === '' ? texts.sessions.none : texts.sessions.noMatch}
          </Text>
        ) : null}
        {pages.hasNextPage ? (
          <Button
            variant="subtle"
            size="xs"
            fullWidth
            loading={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            {texts.common.showMore}
          </Button>
        ) : null}
      </div>
      {renamed === undefined ? null : <RenameSession session={renamed} onClose={() => setRenamed(undefined)} />}
    </aside>
  );
}

interface EntryProps {
  readonly session: Session;
  readonly current: boolean;
  readonly state: 'waiting' | 'working' | undefined;
  readonly onRename: () => void;
}

function Entry({ session, current, state, onRename }: EntryProps) {
  const title = titleOf(session);
  const pinned = isPinned(session);
  const client = useQueryClient();
  const navigate = useNavigate();
  const refresh = (): void => void client.invalidateQueries({ queryKey: ['sessions'] });
  const pin = (): void => {
    const { [PINNED]: _, ...others } = session.metadata ?? {};
    const metadata = pinned ? others : { ...others, [PINNED]: true };
    call('updateSession', { path: { id: session.id }, body: { metadata } }).then(refresh, complain);
  };
  const leave = async (): Promise<void> => {
    if (current) await navigate({ to: '/chat' });
    refresh();
  };
  return (
    <li className="session-entry" data-current={current || undefined}>
      <Link to="/chat/$id" params={{ id: session.id }} title={title} aria-current={current ? 'page' : undefined}>
        {state === undefined ? null : (
          <span className="dot" data-state={state} role="img" aria-label={texts.chat.sessionStates[state]} />
        )}
        <span className="one-line">{title}</span>
        {pinned ? <IconPin size={13} aria-hidden className="session-pin" /> : null}
      </Link>
      <Menu position="bottom-end" withinPortal portalProps={{ target: '#content' }}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="sm" aria-label={texts.sessions.actions(title)}>
            <IconDots size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={pin}>{pinned ? texts.chat.unpin : texts.chat.pin}</Menu.Item>
          <Menu.Item onClick={onRename}>{texts.sessions.rename}</Menu.Item>
          <Menu.Item onClick={() => removeSession(session, leave)}>{texts.sessions.remove}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </li>
  );
}
