/** What agents keep in a session: read, and changed as JSON. */
import { Button, Group, JsonInput, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.js';
import type { Session, SessionState } from '@continuo/client';
import { Empty, Failed, Loading } from '../../components/conditions.js';
import { Dialog } from '../../components/dialog.js';
import { Code } from '../../components/parts.js';
import { titleOf } from '../../components/session-title.js';
import { complain } from '../../tasks/actions.js';
import { texts } from '../../texts.js';

interface SessionStateProps {
  readonly session: Session;
  readonly onClose: () => void;
}

export function SessionStateView({ session, onClose }: SessionStateProps) {
  const queryKey = ['sessions', 'state', session.id];
  const state = useQuery({
    queryKey,
    queryFn: ({ signal }) => call('getSessionState', { path: { id: session.id } }, signal),
  });
  const client = useQueryClient();
  const [editing, setEditing] = useState(false);
  const save = useMutation({
    mutationFn: (body: SessionState) => call('updateSessionState', { path: { id: session.id }, body }),
    onSuccess: (now) => {
      client.setQueryData(queryKey, now);
      setEditing(false);
    },
    onError: complain,
  });
  return (
    <Dialog onClose={onClose} title={texts.sessions.stateOf(titleOf(session))} size="lg">
      {state.error !== null && state.data === undefined ? <Failed error={state.error} /> : null}
      {state.isPending ? <Loading /> : null}
      {state.data === undefined ? null : editing ? (
        <Editor state={state.data} saving={save.isPending} onSave={save.mutate} onCancel={() => setEditing(false)} />
      ) : (
        <Stack>
          {Object.keys(state.data).length === 0 ? (
            <Empty title={texts.sessions.noState} />
          ) : (
            <Code text={JSON.stringify(state.data, undefined, 2)} />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setEditing(true)}>
              {texts.sessions.editState}
            </Button>
          </Group>
        </Stack>
      )}
    </Dialog>
  );
}

interface EditorProps {
  readonly state: SessionState;
  readonly saving: boolean;
  readonly onSave: (change: SessionState) => void;
  readonly onCancel: () => void;
}

function Editor({ state, saving, onSave, onCancel }: EditorProps) {
  // As it was when one began to write, whatever agents make of it meanwhile.
  const [before] = useState(state);
  const [text, setText] = useState(() => JSON.stringify(before, undefined, 2));
  const [wrong, setWrong] = useState(false);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        const wanted = toObject(text);
        setWrong(wanted === undefined);
        if (wanted !== undefined) onSave(changeOf(before, wanted));
      }}
    >
      <Stack>
        <Text size="sm" c="dimmed">
          {texts.sessions.stateHint}
        </Text>
        <JsonInput
          label={texts.sessions.state}
          autosize
          minRows={6}
          maxRows={20}
          value={text}
          readOnly={saving}
          onChange={setText}
          error={wrong ? texts.sessions.notAnObject : undefined}
          autoFocus
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            {texts.common.cancel}
          </Button>
          <Button type="submit" loading={saving}>
            {texts.sessions.save}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function toObject(text: string): SessionState | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as SessionState) : undefined;
  } catch {
    return undefined;
  }
}

/** Only what is otherwise, so that what agents change meanwhile stays; what is gone is null. */
function changeOf(before: SessionState, wanted: SessionState): SessionState {
  const changed = Object.entries(wanted).filter(([name, value]) => {
    return JSON.stringify(value) !== JSON.stringify(before[name]);
  });
  const removed = Object.keys(before).filter((name) => !Object.hasOwn(wanted, name));
  return Object.fromEntries([...changed, ...removed.map((name) => [name, null] as const)]);
}
