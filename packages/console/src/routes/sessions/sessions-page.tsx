/** All sessions: searched, opened, renamed, forked, exported, deleted. */
import { ActionIcon, Menu, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconDots, IconSearch } from '@tabler/icons-react';
import { infiniteQueryOptions, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { call, server } from '../../api/client.js';
import { byToken } from '../../api/pages.js';
import type { Session } from '@continuo/client';
import { Empty } from '../../components/conditions.js';
import { fileNameOf, save } from '../../components/download.js';
import { ListNotices } from '../../components/list-notices.js';
import { mainOfRow, opensAsAWhole } from '../../components/opens.js';
import { Paged, readOn } from '../../components/paged.js';
import { removeSession } from '../../components/remove-session.js';
import { RenameSession } from '../../components/rename-session.js';
import { titleOf } from '../../components/session-title.js';
import { Ago } from '../../components/time.js';
import { useTyped } from '../../components/use-typed.js';
import { complain } from '../../tasks/actions.js';
import { fork } from '../../tasks/fork.js';
import { texts } from '../../texts.js';
import { SessionStateView } from './session-state.js';

const ROW_PX = 52;
const route = getRouteApi('/sessions');

function sessionPages(q: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ['sessions', 'list', q ?? ''],
    queryFn: ({ pageParam, signal }) =>
      call('listSessions', { query: { q, pageSize: 100, pageToken: pageParam } }, signal),
    ...byToken,
    placeholderData: (before) => before,
    // The event stream says when it is.
    staleTime: Infinity,
  });
}

export function SessionsPage() {
  const { q } = route.useSearch();
  const navigate = route.useNavigate();
  const pages = useInfiniteQuery(sessionPages(q));
  const [text, type] = useTyped(q ?? '', (typed) => {
    void navigate({ search: typed === '' ? {} : { q: typed }, replace: true });
  });
  const [newest, setNewest] = useState(0);
  const [opened, setOpened] = useState<Opened>();
  const close = (): void => setOpened(undefined);
  const sessions = pages.data?.pages.flatMap((page) => page.sessions) ?? [];
  return (
    <Stack className="page" p={{ base: 'sm', sm: 'lg' }} gap="md" h="calc(100dvh - var(--app-shell-header-height))">
      <Title order={1}>{texts.pages.sessions}</Title>
      <TextInput
        data-search
        aria-label={texts.sessions.search}
        placeholder={texts.sessions.search}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={(event) => type(event.currentTarget.value)}
        maw={420}
      />
      <ListNotices list={pages} queryKey={sessionPages(q).queryKey} onShow={() => setNewest(newest + 1)} />
      <div
        className="panel"
        style={{ flex: 1, minHeight: 240, overflow: 'hidden', display: 'flex', flexDirection: 'column' }}
      >
        <Paged
          list={pages}
          count={sessions.length}
          empty={
            q === undefined ? (
              <Empty title={texts.sessions.none} hint={texts.sessions.noneHint} />
            ) : (
              <Empty title={texts.sessions.noMatch} />
            )
          }
        >
          <Rows key={newest} sessions={sessions} onOpen={setOpened} onEnd={() => readOn(pages)} />
        </Paged>
      </div>
      {opened?.dialog === 'state' ? <SessionStateView session={opened.session} onClose={close} /> : null}
      {opened?.dialog === 'rename' ? <RenameSession session={opened.session} onClose={close} /> : null}
    </Stack>
  );
}

/** It belongs to the page: a row that is scrolled away is no longer there. */
interface Opened {
  readonly session: Session;
  readonly dialog: 'rename' | 'state';
}

interface RowsProps {
  readonly sessions: readonly Session[];
  readonly onOpen: (opened: Opened) => void;
  readonly onEnd: () => void;
}

function Rows({ sessions, onOpen, onEnd }: RowsProps) {
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: sessions.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_PX,
    getItemKey: (index) => sessions[index]?.id ?? index,
    overscan: 8,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= sessions.length - 1) onEnd();
  }, [last, sessions.length, onEnd]);
  return (
    <div ref={box} className="rows" style={{ flex: 1 }} role="list" aria-label={texts.pages.sessions} tabIndex={0}>
      <div role="presentation" style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {items.map(({ index, key, start }) => {
          const session = sessions[index];
          return session === undefined ? null : (
            <div
              key={key}
              role="listitem"
              className="session-row"
              {...opensAsAWhole}
              style={{ position: 'absolute', top: 0, left: 0, right: 0, transform: `translateY(${start}px)` }}
            >
              <Row session={session} onOpen={onOpen} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface RowProps {
  readonly session: Session;
  readonly onOpen: (opened: Opened) => void;
}

function Row({ session, onOpen }: RowProps) {
  const title = titleOf(session);
  return (
    <>
      <Link to="/chat/$id" params={{ id: session.id }} className="one-line" {...mainOfRow}>
        {title}
      </Link>
      <Text size="sm" c="dimmed" className="numbers" visibleFrom="sm">
        {texts.sessions.messages(session.messageCount)}
      </Text>
      <Text size="sm" c="dimmed" className="numbers" w={90} ta="right">
        <Ago at={session.updatedAt} />
      </Text>
      <Actions session={session} onOpen={onOpen} />
    </>
  );
}

function Actions({ session, onOpen }: RowProps) {
  const title = titleOf(session);
  const client = useQueryClient();
  const navigate = useNavigate();
  const refresh = (): void => void client.invalidateQueries({ queryKey: ['sessions'] });
  const forkAll = (): void => {
    fork(session).then(({ id }) => {
      refresh();
      void navigate({ to: '/chat/$id', params: { id } });
    }, complain);
  };
  const exportAll = (): void => {
    server
      .fetch(server.urlOf('exportSession', { path: { id: session.id } }))
      .then((response) => response.blob())
      .then((blob) => save(blob, fileNameOf({ data: {} }, { name: title, artifactId: session.id })), complain);
  };
  return (
    <Menu position="bottom-end" withinPortal portalProps={{ target: '#content' }}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={texts.sessions.actions(title)}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onOpen({ session, dialog: 'rename' })}>{texts.sessions.rename}</Menu.Item>
        <Menu.Item renderRoot={(props) => <Link to="/tasks" search={{ sessionId: session.id }} {...props} />}>
          {texts.sessions.tasks}
        </Menu.Item>
        <Menu.Item onClick={forkAll}>{texts.sessions.fork}</Menu.Item>
        <Menu.Item onClick={() => onOpen({ session, dialog: 'state' })}>{texts.sessions.state}</Menu.Item>
        <Menu.Item onClick={exportAll}>{texts.sessions.exported}</Menu.Item>
        <Menu.Item onClick={() => removeSession(session, refresh)}>{texts.sessions.remove}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
