/** Finds pages, agents, tasks, sessions and actions by a few letters. */
import { Combobox, Group, Text, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Dialog } from '../components/dialog.js';
import { texts } from '../texts.js';
import { useEntries, type Entry } from './palette-entries.js';
import type { Pages } from './shortcuts.js';

interface PaletteProps {
  readonly pages: Pages;
  readonly onClose: () => void;
  readonly onShortcuts: () => void;
}

export function Palette({ pages, onClose, onShortcuts }: PaletteProps) {
  const [text, setText] = useState('');
  const [asked] = useDebouncedValue(text.trim(), 200);
  const { entries, searching } = useEntries({ pages, text: text.trim(), asked, onShortcuts });
  const groups = [...new Set(entries.map(({ group }) => group))];
  const combobox = useCombobox({ opened: true });
  const { selectFirstOption } = combobox;
  const found = entries.map(({ id }) => id).join(' ');
  useEffect(() => {
    selectFirstOption();
  }, [found, selectFirstOption]);
  const choose = (id: string): void => {
    onClose();
    entries.find((entry) => entry.id === id)?.run();
  };
  return (
    <Dialog
      onClose={onClose}
      withCloseButton={false}
      size={560}
      padding={0}
      yOffset="12vh"
      centered={false}
      attributes={{ content: { 'aria-label': texts.palette.open } }}
    >
      <Combobox store={combobox} onOptionSubmit={choose}>
        <Combobox.EventsTarget withExpandedAttribute>
          <TextInput
            data-autofocus
            variant="unstyled"
            size="md"
            px="md"
            py={4}
            leftSection={<IconSearch size={18} aria-hidden />}
            leftSectionWidth={48}
            aria-label={texts.palette.open}
            placeholder={texts.palette.placeholder}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Escape') onClose();
            }}
          />
        </Combobox.EventsTarget>
        <div className="palette-options">
          <Combobox.Options labelledBy={undefined} aria-label={texts.palette.found}>
            {groups.map((group) => (
              <Combobox.Group key={group} label={group}>
                {entries
                  .filter((entry) => entry.group === group)
                  .map((entry) => (
                    <Option key={entry.id} entry={entry} />
                  ))}
              </Combobox.Group>
            ))}
            {entries.length === 0 && !searching ? <Combobox.Empty>{texts.palette.nothing}</Combobox.Empty> : null}
          </Combobox.Options>
        </div>
      </Combobox>
    </Dialog>
  );
}

function Option({ entry: { id, label, hint, icon: Icon } }: { readonly entry: Entry }) {
  return (
    <Combobox.Option value={id}>
      <Group gap="sm" wrap="nowrap">
        <Icon size={16} stroke={1.6} aria-hidden style={{ flex: 'none' }} />
        <Text span size="sm" className="one-line" style={{ flex: '0 1 auto' }}>
          {label}
        </Text>
        <Text span size="xs" c="dimmed" className="one-line" ml="auto" style={{ flex: '0 2 auto' }}>
          {hint}
        </Text>
      </Group>
    </Combobox.Option>
  );
}
