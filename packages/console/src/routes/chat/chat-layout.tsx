/** A conversation with the others beside it; on a phone they are in a drawer. */
import { ActionIcon, Drawer } from '@mantine/core';
import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { IconLayoutSidebar } from '@tabler/icons-react';
import { useRouterState } from '@tanstack/react-router';
import { useEffect, type ReactNode } from 'react';
import type { Session } from '@continuo/client';
import { texts } from '../../texts.js';
import { SessionColumn } from './session-column.js';

/** As the style sheet says. */
const WIDE = '(min-width: 64em)';

interface ChatLayoutProps {
  readonly shown?: Session | undefined;
  readonly children: ReactNode;
}

export function ChatLayout({ shown, children }: ChatLayoutProps) {
  const isWide = useMediaQuery(WIDE, undefined, { getInitialValueInEffect: false });
  const [open, { open: show, close }] = useDisclosure(false);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(close, [path, close]);
  // One tree for both, so that a window that is made narrower loses nothing that is being written.
  return (
    <div className="chat-layout">
      {isWide ? (
        <SessionColumn shown={shown} />
      ) : (
        <>
          <ActionIcon variant="default" className="chat-drawer" aria-label={texts.chat.conversations} onClick={show}>
            <IconLayoutSidebar size={18} />
          </ActionIcon>
          <Drawer
            opened={open}
            onClose={close}
            size={300}
            padding="sm"
            title={texts.chat.conversations}
            closeButtonProps={{ 'aria-label': texts.common.close }}
            // Its header is none of the page.
            attributes={{ header: { role: 'presentation' } }}
          >
            <SessionColumn shown={shown} />
          </Drawer>
        </>
      )}
      {children}
    </div>
  );
}
