/** How a receiver verifies what it is sent, in three languages. */
import { SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Dialog } from '../../components/dialog.js';
import { CodeBlock } from '../../components/rendered/code-block.js';
import { webhookTexts } from '../../texts/webhooks.js';
import { receivers } from './receivers.js';

type Language = keyof typeof receivers;

export function VerifySignatures({ onClose }: { readonly onClose: () => void }) {
  const [chosen, setChosen] = useState<Language>('node');
  const { code, language, install } = receivers[chosen];
  return (
    <Dialog onClose={onClose} title={webhookTexts.verify} size="lg">
      <Stack gap="sm">
        <Text size="sm">{webhookTexts.verifyHint}</Text>
        <SegmentedControl
          size="xs"
          aria-label={webhookTexts.verifyLanguage}
          data={Object.entries(receivers).map(([value, { name }]) => ({ value, label: name }))}
          value={chosen}
          onChange={(value) => setChosen(value as Language)}
        />
        <CodeBlock text={install} language="bash" />
        <CodeBlock text={code} language={language} />
      </Stack>
    </Dialog>
  );
}
