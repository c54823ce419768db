/** A button that copies a text, and says so. */
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { texts } from '../texts.js';
import { useCopied } from './use-copied.js';

/** How long it says so. */
const COPIED_MS = 1_000;

interface CopyTextProps {
  readonly text: string;
  readonly label?: string;
  readonly size?: 'sm' | 'md';
}

export function CopyText({ text, label = texts.common.copy, size = 'md' }: CopyTextProps) {
  const { copied, copy } = useCopied(() => text, COPIED_MS);
  return (
    <Tooltip label={copied ? texts.common.copied : label}>
      <ActionIcon variant="subtle" color="gray" size={size} onClick={copy} aria-label={label}>
        {copied ? <IconCheck size={size === 'sm' ? 15 : 16} /> : <IconCopy size={size === 'sm' ? 15 : 16} />}
      </ActionIcon>
    </Tooltip>
  );
}
