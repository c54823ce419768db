/** Asks before something is done that can't be taken back. */
import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { ReactNode } from 'react';
import { texts } from '../texts.js';

interface Question {
  readonly title: string;
  /** What will be gone. */
  readonly hint: ReactNode;
  /** What the button says that does it. */
  readonly confirm: string;
  /** What the other button says, where “Cancel” could mean either. */
  readonly keep?: string | undefined;
  readonly onConfirm: () => void;
}

export function confirmEnd({ title, hint, confirm, keep = texts.common.cancel, onConfirm }: Question): void {
  modals.openConfirmModal({
    title,
    children: typeof hint === 'string' ? <Text size="sm">{hint}</Text> : hint,
    labels: { confirm, cancel: keep },
    confirmProps: { color: 'red.9' },
    onConfirm,
  });
}
