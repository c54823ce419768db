/** What somebody has said, and its correction: nothing happens to the conversation before that is sent. */
import { Badge, Button, CloseButton, Group, Text, Textarea } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { memo, useRef, useState, type ReactNode } from 'react';
import type { Part, SessionMessage } from '@continuo/client';
import { Parts } from '../../components/parts.js';
import { TimeOfDay, timeOf } from '../../components/time.js';
import { toParts } from '../../tasks/said-as-part.js';
import { texts } from '../../texts.js';
import { Action, CopyAction } from './answer-actions.js';
import { sendOnEnter } from './send-on-enter.js';

interface OwnMessageProps {
  readonly said: SessionMessage;
  /** Undefined for what can't be asked anew. Rejects when it was not accepted. */
  readonly onAsk: ((parts: readonly Part[]) => Promise<void>) | undefined;
  readonly editing: boolean;
  readonly onEdit: (editing: boolean) => void;
  readonly ways: ReactNode;
}

export const OwnMessage = memo(function OwnMessage({ said, onAsk, editing, onEdit, ways }: OwnMessageProps) {
  const { parts } = said.message;
  const place = useRef<HTMLElement>(null);
  const text = parts.filter(isWritten).map(toText).join('\n');
  const stop = (): void => {
    onEdit(false);
    place.current?.focus({ preventScroll: true });
  };
  return (
    <article
      className="message"
      data-own
      ref={place}
      tabIndex={-1}
      data-editing={editing || undefined}
      aria-label={texts.chat.from(texts.task.you, timeOf(said.createdAt))}
    >
      {editing && onAsk !== undefined ? (
        <Correction text={text} files={parts.filter((part) => !isWritten(part))} onCancel={stop} onAsk={onAsk} />
      ) : (
        <>
          <div className="message-body">
            <Parts parts={parts} under={1} />
          </div>
          <Group gap={2} mt={4} justify="flex-end" className="message-foot">
            <Text size="xs" c="dimmed" mr={4} className="message-time">
              <TimeOfDay at={said.createdAt} />
            </Text>
            {text === '' ? null : <CopyAction text={() => text} />}
            {onAsk === undefined ? null : (
              <Action label={texts.chat.edit} icon={IconPencil} onClick={() => onEdit(true)} />
            )}
            {ways}
          </Group>
        </>
      )}
    </article>
  );
});

interface CorrectionProps {
  readonly text: string;
  readonly files: readonly Part[];
  readonly onCancel: () => void;
  readonly onAsk: (parts: readonly Part[]) => Promise<void>;
}

function Correction({ text, files, onCancel, onAsk }: CorrectionProps) {
  const [written, setWritten] = useState(text);
  const [kept, setKept] = useState(files);
  const [sending, setSending] = useState(false);
  const empty = written.trim() === '' && kept.length === 0;
  const send = (): void => {
    if (empty || sending) return;
    setSending(true);
    onAsk(toParts(written, kept)).then(onCancel, () => setSending(false));
  };
  return (
    <form
      className="correction"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel();
      }}
    >
      <Textarea
        aria-label={texts.chat.editLabel}
        variant="unstyled"
        autosize
        minRows={1}
        maxRows={16}
        autoFocus
        value={written}
        readOnly={sending}
        onChange={(event) => setWritten(event.currentTarget.value)}
        onKeyDown={(event) => sendOnEnter(event, send)}
      />
      {kept.length === 0 ? null : (
        <Group gap={6} mb="xs">
          {kept.map((part, index) => (
            <Badge
              key={index}
              variant="default"
              rightSection={
                <CloseButton
                  size="xs"
                  aria-label={texts.chat.removeFile(part.filename ?? texts.common.noName)}
                  onClick={() => setKept((before) => before.filter((other) => other !== part))}
                />
              }
            >
              {part.filename ?? part.url ?? texts.common.noName}
            </Badge>
          ))}
        </Group>
      )}
      <Group gap="xs" justify="flex-end">
        <Button size="xs" variant="default" onClick={onCancel}>
          {texts.common.cancel}
        </Button>
        <Button size="xs" type="submit" loading={sending} disabled={empty}>
          {texts.chat.send}
        </Button>
      </Group>
    </form>
  );
}

/** What somebody can have typed. */
function isWritten({ text, data }: Part): boolean {
  return text !== undefined || data !== undefined;
}

function toText({ text, data }: Part): string {
  return text ?? JSON.stringify(data, undefined, 2);
}
