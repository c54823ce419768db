/** Where one writes: text, files, and to whom it goes. */
import { ActionIcon, FileButton, Group, Stack, Text, Textarea, Tooltip } from '@mantine/core';
import { IconArrowUp, IconPaperclip } from '@tabler/icons-react';
import { useRef, useState, type ReactNode, type RefObject } from 'react';
import type { Part, Task } from '@continuo/client';
import { filePart } from '../../tasks/file-part.js';
import { texts } from '../../texts.js';
import { typedSince } from '../../components/typed-since.js';
import { useDraft } from '../../components/use-draft.js';
import { AgentMention } from './agent-mention.js';
import { AgentPicker } from './agent-picker.js';
import { Attachments } from './attachments.js';
import { sendOnEnter } from './send-on-enter.js';
import { StopButton } from './stop-button.js';
import { useDroppedFiles } from './use-dropped-files.js';

export interface Written {
  readonly text: string;
  readonly files: readonly Part[];
}

interface ComposerProps {
  readonly agent: string;
  readonly onAgent: (agent: string) => void;
  /** The conversation that is written to: what is not sent yet stays with it. */
  readonly place: string;
  /** What is in the box at first where nothing was written. */
  readonly initial?: string | undefined;
  /** Resolves when the server has it; what was written stays until then. */
  readonly onSend: (written: Written) => Promise<unknown>;
  /** What is written is an answer. */
  readonly answering?: boolean;
  /** Why the last one was not taken. */
  readonly refused?: string | undefined;
  readonly onType?: () => void;
  readonly box?: RefObject<HTMLTextAreaElement | null>;
  /** Stands above the text. */
  readonly head?: ReactNode;
  /** What goes on, and is stopped from here: the button stays where it is while the answer grows. */
  readonly working?: Task | undefined;
  /** The arrow up in an empty box. */
  readonly onUp?: () => void;
}

export function Composer({ agent, onAgent, place, initial = '', onSend, head, ...rest }: ComposerProps) {
  const { answering = false, refused, onType, working, onUp } = rest;
  const [text, setText, dropText] = useDraft(`message ${place}`, initial);
  const [files, setFiles] = useState<readonly File[]>([]);
  const [sending, setSending] = useState(false);
  const own = useRef<HTMLTextAreaElement>(null);
  const box = rest.box ?? own;
  const attach = (added: readonly File[]): void => setFiles((before) => [...before, ...added]);
  const over = useDroppedFiles(attach);
  const empty = text.trim() === '' && files.length === 0;
  const send = async (): Promise<void> => {
    if (empty || sending) return;
    setSending(true);
    try {
      await onSend({ text, files: await Promise.all(files.map(filePart)) });
      // What was added meanwhile is the beginning of the next one.
      if (box.current?.value === text) dropText();
      else setText((now) => typedSince(now, text));
      setFiles((now) => now.filter((file) => !files.includes(file)));
    } catch {
      // It was said already; what was written is still there to be sent again.
    } finally {
      setSending(false);
      box.current?.focus();
    }
  };
  return (
    <form
      className="panel composer"
      data-over={over || undefined}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Stack gap={6}>
        {head}
        {over ? (
          <Text size="sm" c="dimmed">
            {texts.chat.dropHere}
          </Text>
        ) : null}
        <Attachments files={files} onRemove={(file) => setFiles((all) => all.filter((other) => other !== file))} />
        <AgentMention box={box} onAgent={onAgent}>
          {(mention) => (
            <Textarea
              ref={box}
              aria-label={texts.chat.message}
              placeholder={answering ? texts.chat.answerPlaceholder : texts.chat.placeholder}
              error={refused}
              variant="unstyled"
              autosize
              minRows={1}
              maxRows={12}
              value={text}
              onChange={(event) => {
                setText(event.currentTarget.value);
                onType?.();
                mention.look();
              }}
              onSelect={mention.look}
              onBlur={mention.close}
              onPaste={(event) => {
                if (event.clipboardData.files.length === 0) return;
                event.preventDefault();
                attach([...event.clipboardData.files]);
              }}
              onKeyDown={(event) => {
                if (mention.open) return;
                if (event.key === 'ArrowUp' && text === '' && files.length === 0 && onUp !== undefined) {
                  event.preventDefault();
                  onUp();
                } else sendOnEnter(event, () => void send());
              }}
              autoFocus
            />
          )}
        </AgentMention>
        <Group justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap" miw={0}>
            <AgentPicker agent={agent} onAgent={onAgent} />
            <FileButton multiple onChange={attach}>
              {(props) => (
                <Tooltip label={texts.chat.attach}>
                  <ActionIcon {...props} variant="subtle" color="gray" aria-label={texts.chat.attach}>
                    <IconPaperclip size={18} />
                  </ActionIcon>
                </Tooltip>
              )}
            </FileButton>
          </Group>
          <Group gap="xs" wrap="nowrap">
            {working === undefined ? null : (
              <StopButton key={working.id} id={working.id} onStop={() => box.current?.focus()} />
            )}
            {working !== undefined && empty && !sending ? null : (
              <ActionIcon
                type="submit"
                size="lg"
                radius="xl"
                aria-label={texts.chat.send}
                disabled={empty}
                loading={sending}
              >
                <IconArrowUp size={18} />
              </ActionIcon>
            )}
          </Group>
        </Group>
      </Stack>
    </form>
  );
}
