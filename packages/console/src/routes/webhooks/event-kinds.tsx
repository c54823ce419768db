/** Chooses of which events a webhook is told, each with what its body looks like. */
import { Checkbox, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { WebhookDelivery } from '@continuo/client';
import { CodeBlock } from '../../components/rendered/code-block.js';
import { webhookTexts } from '../../texts/webhooks.js';
import { exampleOf } from './event-examples.js';

const kinds = ['task', 'statusUpdate', 'artifactUpdate'] as const satisfies readonly WebhookDelivery['kind'][];
export type Kind = (typeof kinds)[number];

interface EventKindsProps {
  readonly chosen: readonly Kind[];
  readonly onChange: (chosen: readonly Kind[]) => void;
}

export function EventKinds({ chosen, onChange }: EventKindsProps) {
  return (
    <Checkbox.Group
      label={webhookTexts.kinds}
      value={[...chosen]}
      onChange={(values) => onChange(kinds.filter((kind) => values.includes(kind)))}
    >
      <Stack gap="xs" mt="xs">
        {kinds.map((kind) => (
          <OneKind key={kind} kind={kind} />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}

function OneKind({ kind }: { readonly kind: Kind }) {
  const [open, setOpen] = useState(false);
  const panel = useId();
  const Chevron = open ? IconChevronDown : IconChevronRight;
  const name = webhookTexts.kindNames[kind];
  return (
    <div>
      <Checkbox value={kind} label={name} description={webhookTexts.kindHints[kind]} />
      <UnstyledButton
        className="quiet-link"
        ml={32}
        aria-expanded={open}
        aria-controls={open ? panel : undefined}
        aria-label={webhookTexts.exampleOf(name)}
        onClick={() => setOpen(!open)}
      >
        <Text span size="sm">
          {webhookTexts.example} <Chevron size={14} aria-hidden />
        </Text>
      </UnstyledButton>
      {open ? (
        <div id={panel}>
          <CodeBlock text={JSON.stringify(exampleOf[kind], undefined, 2)} language="json" />
        </div>
      ) : null}
    </div>
  );
}
