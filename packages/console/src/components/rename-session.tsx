/** Gives a session another title. */
import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Session } from '@continuo/client';
import { call } from '../api/client.js';
import { complain } from '../tasks/actions.js';
import { texts } from '../texts.js';
import { Dialog } from './dialog.js';

interface RenameSessionProps {
  readonly session: Session;
  readonly onClose: () => void;
}

export function RenameSession({ session, onClose }: RenameSessionProps) {
  const client = useQueryClient();
  const [title, setTitle] = useState(session.title ?? '');
  return (
    <Dialog onClose={onClose} title={texts.sessions.rename}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim() === '') return;
          call('updateSession', { path: { id: session.id }, body: { title: title.trim() } }).then(() => {
            onClose();
            void client.invalidateQueries({ queryKey: ['sessions'] });
          }, complain);
        }}
      >
        <Stack>
          <TextInput
            label={texts.sessions.newName}
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button type="submit">{texts.sessions.save}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
