/** All shortcuts at a glance, and the switch that turns those of single keys off. */
import { Group, Kbd, Stack, Switch, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../components/dialog.js';
import { texts } from '../texts.js';
import { pageShortcuts, useShortcutsOn, type Shortcut } from './shortcuts.js';

interface ShortcutSheetProps {
  readonly shortcuts: readonly Shortcut[];
  readonly onClose: () => void;
}

export function ShortcutSheet({ shortcuts, onClose }: ShortcutSheetProps) {
  const [on, setOn] = useShortcutsOn();
  const [ofPage] = useState(pageShortcuts);
  return (
    <Dialog onClose={onClose} title={texts.shortcuts.title}>
      <Stack gap="md">
        <Table verticalSpacing={6} aria-label={texts.shortcuts.title}>
          <Table.Tbody>
            <Row keys={`${texts.shortcuts.keyNames.ctrl} K`} does={texts.palette.open} off={false} />
            {shortcuts.map(({ keys, does }) => (
              <Row key={keys} keys={keys} does={does} off={!on} />
            ))}
          </Table.Tbody>
        </Table>
        {ofPage.length === 0 ? null : (
          <section aria-labelledby="shortcuts-of-page">
            <Text size="sm" fw={600} id="shortcuts-of-page" mb={4}>
              {texts.shortcuts.ofPage}
            </Text>
            <Table verticalSpacing={6} aria-labelledby="shortcuts-of-page">
              <Table.Tbody>
                {ofPage.map(({ keys, does }) => (
                  <Row key={keys} keys={keys} does={does} off={!on} />
                ))}
              </Table.Tbody>
            </Table>
          </section>
        )}
        <Switch
          label={texts.shortcuts.on}
          description={texts.shortcuts.hint}
          checked={on}
          onChange={(event) => setOn(event.currentTarget.checked)}
        />
      </Stack>
    </Dialog>
  );
}

function Row({ keys, does, off }: { readonly keys: string; readonly does: string; readonly off: boolean }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400}>
        <Text size="sm" c={off ? 'dimmed' : undefined} td={off ? 'line-through' : undefined}>
          {does}
        </Text>
      </Table.Th>
      <Table.Td>
        <Group gap={4} justify="flex-end" wrap="nowrap">
          {keys.split(' ').map((key) => (
            <Kbd key={key}>{key}</Kbd>
          ))}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
