/** Says that the card of a connected agent has changed, and leads to what is different; nothing while it hasn't. */
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import type { ExternalAgent } from '@continuo/client';
import { DotLabel } from '../../components/dot-label.js';
import { asDialog, later } from '../../components/later.js';
import { externalAgentTexts as texts } from '../../texts/external-agents.js';

const CardChanges = later(() => import('./card-changes.js').then((loaded) => loaded.CardChanges), asDialog);

export function CardChanged({ remote: { name, agent, cardChanged } }: { readonly remote: ExternalAgent }) {
  const [reviewing, setReviewing] = useState(false);
  return (
    <>
      {cardChanged ? (
        <Group gap="sm" mt={6}>
          <DotLabel colour="yellow.7" label={texts.cardChanged} />
          <Button size="xs" variant="default" aria-label={texts.reviewOf(agent)} onClick={() => setReviewing(true)}>
            {texts.review}
          </Button>
        </Group>
      ) : null}
      {reviewing ? <CardChanges name={name} agent={agent} onClose={() => setReviewing(false)} /> : null}
    </>
  );
}
