/** Where one writes: text, files, and to whom it goes. */
import { ActionIcon, Badge, CloseButton, FileButton, Group, Select, Stack, Textarea, Tooltip } from '@mantine/core';
import { IconArrowUp, IconPaperclip } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef, useState, type ReactNode, type RefObject } from 'react';
import type { Part } from '@continuo/client';
import { texts } from '../../texts.js';
import { useDraft } from '../../components/use-draft.js';
import { agentList } from '../tasks/task-queries.js';

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
}

export function Composer({ agent, onAgent, place, initial = '', onSend, head, ...rest }: ComposerProps) {
  const { answering = false, refused, onType } = rest;
  const agents = useQuery(agentList);
  const [text, setText, dropText] = useDraft(`message ${place}`, initial);
  const [files, setFiles] = useState<readonly File[]>([]);
  const [sending, setSending] = useState(false);
  const own = useRef<HTMLTextAreaElement>(null);
  const box = rest.box ?? own;
  const empty = text.trim() === '' && files.length === 0;
  const send = async (): Promise<void> => {
    if (empty || sending) return;
    setSending(true);
    try {
      await onSend({ text, files: await Promise.all(files.map(toPart)) });
      // What was added meanwhile is the beginning of the next one.
      if (box.current?.value === text) dropText();
      else setText((now) => (now.startsWith(text) ? now.slice(text.length).trimStart() : now));
      setFiles((now) => now.filter((file) => !files.includes(file)));
    } catch {
      // It was said already; what was written is still there to be sent again.
    } finally {
      setSending(false);
      box.current?.focus();
    }
  };
  const names = agents.data?.agents.filter(({ internal }) => !internal).map(({ card }) => card.name) ?? [];
  return (
    <form
      className="panel composer"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Stack gap={6}>
        {head}
        {files.length === 0 ? null : (
          <Group gap={6}>
            {files.map((file) => (
              <Badge
                key={file.name}
                rightSection={
                  <CloseButton
                    size="xs"
                    aria-label={texts.chat.removeFile(file.name)}
                    onClick={() => setFiles((before) => before.filter((other) => other !== file))}
                  />
                }
              >
                {file.name}
              </Badge>
            ))}
          </Group>
        )}
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
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            void send();
          }}
          autoFocus
        />
        <Group justify="space-between" wrap="nowrap">
          <Group gap="xs" wrap="nowrap" miw={0}>
            <Select
              aria-label={texts.chat.agent}
              size="xs"
              data={names.includes(agent) ? names : [agent, ...names]}
              value={agent}
              onChange={(next) => next !== null && onAgent(next)}
              searchable
              allowDeselect={false}
              comboboxProps={{ withinPortal: false, position: 'top-start', width: 240 }}
            />
            <FileButton multiple onChange={(added) => setFiles((before) => [...before, ...added])}>
              {(props) => (
                <Tooltip label={texts.chat.attach}>
                  <ActionIcon {...props} variant="subtle" color="gray" aria-label={texts.chat.attach}>
                    <IconPaperclip size={18} />
                  </ActionIcon>
                </Tooltip>
              )}
            </FileButton>
          </Group>
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
        </Group>
      </Stack>
    </form>
  );
}

async function toPart(file: File): Promise<Part> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let start = 0; start < bytes.length; start += 8_192) {
    binary += String.fromCharCode(...bytes.subarray(start, start + 8_192));
  }
  return { raw: btoa(binary), filename: file.name, mediaType: file.type || 'application/octet-stream' };
}
