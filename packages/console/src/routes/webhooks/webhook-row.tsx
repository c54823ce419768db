/** One webhook of the list, with its menu. */
import { ActionIcon, Loader, Menu, Stack, Text } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Webhook } from '@continuo/client';
import { confirmEnd, openConfirm } from '../../components/confirm.js';
import { Dialog } from '../../components/dialog.js';
import { DotLabel } from '../../components/dot-label.js';
import { Ago, At } from '../../components/time.js';
import { texts } from '../../texts.js';
import { webhookTexts } from '../../texts/webhooks.js';
import { AttemptView } from '../deliveries/attempt-view.js';
import { HealthStrip } from './health-strip.js';
import { toldStateName, toToldState } from './told-states.js';
import { VerifySignatures } from './verify-signatures.js';
import { WebhookForm } from './webhook-form.js';
import { useWebhookActions } from './webhook-queries.js';

interface WebhookRowProps {
  readonly webhook: Webhook;
  readonly onSecret: (secret: string) => void;
}

export function WebhookRow({ webhook, onSecret }: WebhookRowProps) {
  const { url, description, state, stateAt, stateReason, failingSince, health } = webhook;
  return (
    <li className="record">
      <div className="record-state">
        <State webhook={webhook} />
      </div>
      <Stack gap={2} className="record-main">
        <Link to="/webhooks/deliveries" search={{ endpoint: webhook.id }} className="any-line">
          {description ?? url}
        </Link>
        {description === null ? null : (
          <Text size="sm" className="any-line">
            {url}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {filtersOf(webhook)}
        </Text>
        {state === 'active' && failingSince !== null ? (
          <Text size="sm" c="dimmed">
            {webhookTexts.failingSince} <At at={failingSince} />
          </Text>
        ) : null}
        {health === undefined ? null : <HealthStrip health={health} />}
        {state === 'active' || stateAt === null ? null : (
          <Text size="sm" c="dimmed">
            {stateReason} (<Ago at={stateAt} />)
          </Text>
        )}
      </Stack>
      <Actions webhook={webhook} onSecret={onSecret} />
    </li>
  );
}

function State({ webhook: { state, failingSince } }: { readonly webhook: Webhook }) {
  if (state === 'active' && failingSince !== null) return <DotLabel colour="orange.6" label={webhookTexts.failing} />;
  const colour = { active: 'teal.6', paused: 'gray.5', gone: 'red.7' }[state];
  return <DotLabel colour={colour} label={webhookTexts.state[state]} />;
}

/** What it is told of, in words. */
function filtersOf({ agents, states, kinds, sessionIds }: Webhook): string {
  return [
    agents?.join(', ') ?? webhookTexts.anyAgent,
    states?.map((state) => toldStateName(toToldState(state))).join(', ') ?? webhookTexts.anyState,
    kinds.map((kind) => webhookTexts.kindNames[kind]).join(', '),
    ...(sessionIds === null ? [] : [webhookTexts.someSessions(sessionIds.length)]),
  ].join(' · ');
}

function Actions({ webhook, onSecret }: WebhookRowProps) {
  const { pause, resume, remove, rotate, test } = useWebhookActions(webhook, onSecret);
  const [changing, setChanging] = useState(false);
  const [verifying, setVerifying] = useState(false);
  const askForSecret = (): void => {
    openConfirm({
      title: webhookTexts.rotateQuestion,
      children: <Text size="sm">{webhookTexts.rotateHint}</Text>,
      labels: { confirm: webhookTexts.rotate, cancel: texts.common.cancel },
      onConfirm: () => rotate.mutate(undefined),
    });
  };
  const askForEnd = (): void =>
    confirmEnd({
      title: webhookTexts.removeQuestion,
      hint: (
        <Text size="sm" className="any-line">
          {webhookTexts.removeHint(webhook.url)}
        </Text>
      ),
      confirm: webhookTexts.remove,
      onConfirm: () => remove.mutate(undefined),
    });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={webhookTexts.actions(webhook.url)}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            renderRoot={(props) => <Link to="/webhooks/deliveries" search={{ endpoint: webhook.id }} {...props} />}
          >
            {webhookTexts.deliveries}
          </Menu.Item>
          <Menu.Item onClick={() => test.mutate(undefined)}>{webhookTexts.test}</Menu.Item>
          <Menu.Item onClick={() => setChanging(true)}>{webhookTexts.change}</Menu.Item>
          {webhook.state === 'active' ? (
            <Menu.Item onClick={() => pause.mutate(undefined)}>{webhookTexts.pause}</Menu.Item>
          ) : (
            <Menu.Item onClick={() => resume.mutate(undefined)}>{webhookTexts.resume}</Menu.Item>
          )}
          <Menu.Item onClick={() => setVerifying(true)}>{webhookTexts.verify}</Menu.Item>
          <Menu.Item onClick={askForSecret}>{webhookTexts.rotate}</Menu.Item>
          <Menu.Item onClick={askForEnd}>{webhookTexts.remove}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {changing ? <WebhookForm webhook={webhook} onClose={() => setChanging(false)} onSecret={onSecret} /> : null}
      {verifying ? <VerifySignatures onClose={() => setVerifying(false)} /> : null}
      {test.isPending || test.data !== undefined ? (
        <Dialog onClose={test.reset} title={webhookTexts.test}>
          {test.data === undefined ? (
            <Text size="sm" role="status">
              <Loader size="xs" mr="xs" aria-hidden />
              {webhookTexts.testing}
            </Text>
          ) : (
            <Stack role="status">
              <DotLabel
                colour={test.data.ok ? 'teal.6' : 'red.7'}
                label={test.data.ok ? webhookTexts.testWorks : webhookTexts.testFails}
              />
              <AttemptView attempt={test.data} />
            </Stack>
          )}
        </Dialog>
      ) : null}
    </>
  );
}
