/** A secret that is shown this once: it stays until one says that it has been copied. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { texts } from '../texts.js';
import { CopyText } from './copy-text.js';
import { Dialog } from './dialog.js';

interface ShownOnceProps {
  readonly title: string;
  readonly hint: string;
  readonly secret: string;
  readonly onClose: () => void;
}

export function ShownOnce({ title, hint, secret, onClose }: ShownOnceProps) {
  return (
    <Dialog onClose={onClose} title={title} withCloseButton={false} closeOnClickOutside={false} closeOnEscape={false}>
      <Stack>
        <Text size="sm">{hint}</Text>
        <Group gap="xs" wrap="nowrap" className="secret">
          <Text ff="monospace" size="sm" className="any-line" flex={1} data-secret>
            {secret}
          </Text>
          <CopyText text={secret} />
        </Group>
        <Group justify="flex-end">
          <Button onClick={onClose}>{texts.common.copiedIt}</Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
