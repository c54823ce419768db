/** Creates a webhook, or changes one: where it is told, and of what. */
import { Button, Group, MultiSelect, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Webhook } from '@continuo/client';
import { Dialog } from '../../components/dialog.js';
import { texts } from '../../texts.js';
import { webhookTexts } from '../../texts/webhooks.js';
import { agentList } from '../tasks/task-queries.js';
import { EventKinds, type Kind } from './event-kinds.js';
import { toldStateName, toldStates, toToldState } from './told-states.js';
import { useSave, type NewWebhook } from './webhook-queries.js';

/** What the server tells where nothing is chosen. */
const usual: readonly Kind[] = ['task', 'statusUpdate'];

interface WebhookFormProps {
  /** Undefined: a new one. */
  readonly webhook?: Webhook;
  readonly onClose: () => void;
  readonly onSecret: (secret: string) => void;
}

export function WebhookForm({ webhook, onClose, onSecret }: WebhookFormProps) {
  const agents = useQuery(agentList);
  const names = agents.data?.agents.map(({ card }) => card.name) ?? [];
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [description, setDescription] = useState(webhook?.description ?? '');
  const [chosen, setChosen] = useState<string[]>([...(webhook?.agents ?? [])]);
  const [states, setStates] = useState<string[]>(webhook?.states?.map(toToldState) ?? []);
  const [told, setTold] = useState<readonly Kind[]>(webhook?.kinds ?? usual);
  const [sessions, setSessions] = useState(webhook?.sessionIds?.join(', ') ?? '');
  const [missing, setMissing] = useState(false);
  const save = useSave(webhook, onClose, onSecret);
  const submit = (): void => {
    setMissing(url.trim() === '');
    if (url.trim() === '') return;
    const sessionIds = sessions.split(/[\s,]+/).filter((id) => id !== '');
    save.mutate({
      url: url.trim(),
      description: description.trim() === '' ? null : description.trim(),
      agents: orAll(chosen),
      states: orAll(states),
      kinds: orAll(told),
      sessionIds: orAll(sessionIds),
    } satisfies NewWebhook);
  };
  return (
    <Dialog onClose={onClose} title={webhook === undefined ? webhookTexts.create : webhookTexts.change}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack>
          <TextInput
            label={webhookTexts.url}
            description={webhookTexts.urlHint}
            type="url"
            required
            error={missing ? texts.question.required : undefined}
            value={url}
            onChange={(event) => setUrl(event.currentTarget.value)}
            data-autofocus
          />
          <TextInput
            label={webhookTexts.description}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <MultiSelect
            label={webhookTexts.agents}
            placeholder={chosen.length === 0 ? webhookTexts.anyAgent : undefined}
            data={[...new Set([...names, ...chosen])]}
            value={chosen}
            onChange={setChosen}
            searchable
          />
          <MultiSelect
            label={webhookTexts.states}
            placeholder={states.length === 0 ? webhookTexts.anyState : undefined}
            data={toldStates.map((value) => ({ value, label: toldStateName(value) }))}
            value={states}
            onChange={setStates}
          />
          <EventKinds chosen={told} onChange={setTold} />
          <TextInput
            label={webhookTexts.sessions}
            description={webhookTexts.sessionsHint}
            value={sessions}
            onChange={(event) => setSessions(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={save.isPending}>
              {webhook === undefined ? webhookTexts.create : webhookTexts.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/** Null: no filter. */
function orAll<Value>(values: readonly Value[]): readonly Value[] | null {
  return values.length === 0 ? null : values;
}
