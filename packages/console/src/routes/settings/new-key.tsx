/** Makes an API key: for whom, for what, until when. */
import { Button, Checkbox, Group, MultiSelect, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/client.js';
import type { ApiKey } from '@continuo/client';
import { Dialog } from '../../components/dialog.js';
import { complain } from '../../tasks/actions.js';
import { texts } from '../../texts.js';
import { settingsTexts } from '../../texts/settings.js';
import { agentList } from '../tasks/task-queries.js';

const DAY_MS = 86_400_000;
const scopes = ['read', 'write', 'admin'] as const satisfies readonly ApiKey['scopes'][number][];
const lifetimes = ['30', '90', '365', 'never'] as const;

interface NewKeyProps {
  readonly onClose: () => void;
  readonly onMade: (key: string) => void;
}

export function NewKey({ onClose, onMade }: NewKeyProps) {
  const client = useQueryClient();
  const agents = useQuery(agentList);
  const [owner, setOwner] = useState('');
  const [name, setName] = useState('');
  const [may, setMay] = useState<string[]>(['read', 'write']);
  const [chosen, setChosen] = useState<string[]>([]);
  const [lifetime, setLifetime] = useState<string>('90');
  const [tried, setTried] = useState(false);
  const make = useMutation({
    mutationFn: () =>
      call('createKey', {
        body: {
          owner: owner.trim(),
          name: name.trim() === '' ? null : name.trim(),
          scopes: scopes.filter((scope) => may.includes(scope)),
          agents: chosen.length === 0 ? null : chosen,
          expiresAt: lifetime === 'never' ? null : new Date(Date.now() + Number(lifetime) * DAY_MS).toISOString(),
        },
      }),
    onSuccess: ({ key }) => {
      onClose();
      if (key !== undefined) onMade(key);
      return client.invalidateQueries({ queryKey: ['keys'] });
    },
    onError: complain,
  });
  return (
    <Dialog onClose={onClose} title={settingsTexts.create}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (owner.trim() !== '' && may.length > 0) make.mutate();
        }}
      >
        <Stack>
          <TextInput
            label={settingsTexts.owner}
            description={settingsTexts.ownerHint}
            required
            error={tried && owner.trim() === '' ? texts.question.required : undefined}
            value={owner}
            onChange={(event) => setOwner(event.currentTarget.value)}
            data-autofocus
          />
          <TextInput
            label={settingsTexts.name}
            description={settingsTexts.nameHint}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Checkbox.Group
            label={settingsTexts.may}
            value={may}
            onChange={setMay}
            error={tried && may.length === 0 ? texts.question.required : undefined}
          >
            <Stack gap="xs" mt={6}>
              {scopes.map((scope) => (
                <Checkbox key={scope} value={scope} label={settingsTexts.scopeNames[scope]} />
              ))}
            </Stack>
          </Checkbox.Group>
          <MultiSelect
            label={settingsTexts.agents}
            placeholder={chosen.length === 0 ? settingsTexts.agentsHint : undefined}
            data={agents.data?.agents.map(({ card }) => card.name) ?? []}
            value={chosen}
            onChange={setChosen}
            searchable
          />
          <Select
            label={settingsTexts.ends}
            data={lifetimes.map((value) => ({ value, label: settingsTexts.lifetimes[value] }))}
            value={lifetime}
            onChange={(value) => setLifetime(value ?? lifetime)}
            allowDeselect={false}
          />
          <Group justify="flex-end">
            <Button type="submit" loading={make.isPending}>
              {settingsTexts.create}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
