/** What can be done with an answer. */
import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import {
  IconBraces,
  IconCheck,
  IconCopy,
  IconDots,
  IconGitFork,
  IconListDetails,
  IconMarkdown,
  IconRefresh,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState, type RefObject } from 'react';
import type { SessionMessage } from '@continuo/client';
import { textOf } from '@continuo/client/facts';
import { Dialog } from '../../components/dialog.js';
import { Code } from '../../components/parts.js';
import { useCopied } from '../../components/use-copied.js';
import { texts } from '../../texts.js';
import type { Answered } from './answer.js';

interface AnswerActionsProps extends Pick<Answered, 'parts' | 'said' | 'task'> {
  /** What is copied as people read it. */
  readonly body: RefObject<HTMLElement | null>;
  readonly onFork: (said: SessionMessage) => void;
  readonly onRegenerate: (() => void) | undefined;
}

export function AnswerActions({ parts, said, task, body, onFork, onRegenerate }: AnswerActionsProps) {
  const text = textOf(parts) || JSON.stringify(parts.find(({ data }) => data !== undefined)?.data, undefined, 2);
  const taskId = said?.taskId ?? task?.id;
  const [raw, setRaw] = useState(false);
  const { copy: copyMarkdown } = useCopied(() => text ?? '');
  return (
    <>
      {text === undefined || text === '' ? null : <CopyAction text={() => body.current?.innerText ?? text} />}
      {onRegenerate === undefined ? null : (
        <Action label={texts.chat.regenerate} icon={IconRefresh} onClick={onRegenerate} />
      )}
      {said === undefined ? null : <Action label={texts.chat.fork} icon={IconGitFork} onClick={() => onFork(said)} />}
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="sm" className="message-action" aria-label={texts.chat.more}>
            <IconDots size={15} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {text === undefined || text === '' ? null : (
            <Menu.Item leftSection={<IconMarkdown size={15} aria-hidden />} onClick={copyMarkdown}>
              {texts.chat.copyMarkdown}
            </Menu.Item>
          )}
          {taskId === undefined ? null : (
            <Menu.Item
              leftSection={<IconListDetails size={15} aria-hidden />}
              renderRoot={(props) => <Link to="/tasks/$id" params={{ id: taskId }} {...props} />}
            >
              {texts.chat.openTask}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconBraces size={15} aria-hidden />} onClick={() => setRaw(true)}>
            {texts.chat.raw}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {raw ? (
        <Dialog title={texts.chat.raw} size="lg" onClose={() => setRaw(false)}>
          <Code text={JSON.stringify(said ?? parts, undefined, 2)} />
        </Dialog>
      ) : null}
    </>
  );
}

interface ActionProps {
  readonly label: string;
  readonly icon: typeof IconCopy;
  readonly onClick: () => void;
  readonly disabled?: boolean;
}

export function Action({ label, icon: Icon, onClick, disabled = false }: ActionProps) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="sm"
        className="message-action"
        aria-label={label}
        disabled={disabled}
        onClick={onClick}
      >
        <Icon size={15} />
      </ActionIcon>
    </Tooltip>
  );
}

export function CopyAction({ text }: { readonly text: () => string }) {
  const { copied, copy, untilLeft } = useCopied(text);
  return (
    <span {...untilLeft}>
      <Action
        label={copied ? texts.common.copied : texts.common.copy}
        icon={copied ? IconCheck : IconCopy}
        onClick={copy}
      />
    </span>
  );
}
