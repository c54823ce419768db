/** How much of a text is shown, and that this isn't all. */
import { Text } from '@mantine/core';
import { texts } from '../texts.js';
import { bytes } from './download.js';

/** More would make the page slow, and nobody reads it here. */
export const MOST_SHOWN = 100_000;

/** `whole`: how long the text is. */
export function Truncated({ whole }: { readonly whole: number }) {
  return (
    <Text size="sm" c="dimmed" fs="italic">
      {texts.task.truncated(bytes(MOST_SHOWN), bytes(whole))}
    </Text>
  );
}
