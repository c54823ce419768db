/** How to set a language model: the lines of each provider, to be copied. */
import { Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { CopyText } from '../components/copy-text.js';
import { Dialog } from '../components/dialog.js';
import { Code } from '../components/parts.js';
import { texts } from '../texts.js';
import { providers, settings, type Provider } from './model-settings.js';

export function ModelDialog({ onClose }: { readonly onClose: () => void }) {
  // Four names don't fit beside each other on a phone.
  const narrow = useMediaQuery('(max-width: 30em)', false, { getInitialValueInEffect: false });
  const [provider, setProvider] = useState<Provider>('anthropic');
  return (
    <Dialog onClose={onClose} title={texts.model.title} size="lg">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {texts.model.hint}
        </Text>
        <SegmentedControl
          aria-label={texts.model.provider}
          value={provider}
          onChange={setProvider}
          data={providers.map((value) => ({ value, label: texts.model.names[value] }))}
          orientation={narrow ? 'vertical' : 'horizontal'}
        />
        <Text size="sm">{texts.model.note[provider]}</Text>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <div style={{ flex: 1, minWidth: 0 }}>
            <Code text={settings[provider]} />
          </div>
          <CopyText text={settings[provider]} />
        </Group>
      </Stack>
    </Dialog>
  );
}
