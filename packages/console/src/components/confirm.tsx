/** Asks before something is done that can't be taken back. */
import { Text } from '@mantine/core';
import { modals } from '@mantine/modals';
import type { ReactNode } from 'react';
import { overlays } from '../shell/overlays-loading.js';
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
  openConfirm({
    title,
    children: typeof hint === 'string' ? <Text size="sm">{hint}</Text> : hint,
    labels: { confirm, cancel: keep },
    confirmProps: { color: 'red.9' },
    onConfirm,
  });
}

/** A dialog with two buttons. */
export function openConfirm(dialog: Parameters<typeof modals.openConfirmModal>[0]): void {
  void overlays().then(() => modals.openConfirmModal(dialog));
}
