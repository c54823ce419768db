/** Connects a remote agent: its address, what is there, a key where it needs one, and a name; then one can talk to it. */
import { Button, Checkbox, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { agentNameFrom, ContinuoApiError } from '@continuo/client';
import { call } from '../../api/client.js';
import { newId } from '../../api/new-id.js';
import { Dialog } from '../../components/dialog.js';
import { externalAgentTexts as texts } from '../../texts/external-agents.js';
import { readAgentsAnew } from './external-agent-queries.js';
import { FoundCard } from './found-card.js';

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

export function ConnectAgent({ onClose }: { readonly onClose: () => void }) {
  const client = useQueryClient();
  const [url, setUrl] = useState('');
  const [needsKey, setNeedsKey] = useState(false);
  const [header, setHeader] = useState('Authorization');
  const [key, setKey] = useState('');
  const [named, setNamed] = useState<string>();
  const [tried, setTried] = useState(false);
  // Sent again after a lost answer it connects the same agent.
  const [request, setRequest] = useState(newId);
  const headers = needsKey && key.trim() !== '' ? { [header.trim()]: key.trim() } : null;
  const address = /^[a-z]+:\/\//i.test(url.trim()) ? url.trim() : `https://${url.trim()}`;
  const isAddress = url.trim() !== '' && URL.canParse(address);
  const check = useMutation({ mutationFn: () => call('checkAgent', { body: { url: address, headers } }) });
  const found = check.data;
  const name = named ?? agentNameFrom(found?.name ?? '');
  const connect = useMutation({
    mutationFn: () => {
      const body = { name, url: found?.card ?? address, headers };
      return call('connectAgent', { body }, undefined, request);
    },
    onSuccess: () => readAgentsAnew(client),
  });
  const changed = (): void => {
    check.reset();
    connect.reset();
    setRequest(newId);
  };
  if (connect.data !== undefined) return <Connected agent={connect.data.agent} onClose={onClose} />;
  const failed = connect.error ?? check.error;
  const atFault = failed instanceof ContinuoApiError ? failed.field : undefined;
  const isNamed = NAME.test(name);
  return (
    <Dialog onClose={onClose} title={texts.connect} size="lg">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!isAddress) return;
          if (found?.usable !== true) check.mutate();
          else if (isNamed) connect.mutate();
        }}
      >
        <Stack>
          <TextInput
            label={texts.url}
            description={texts.urlHint}
            placeholder={texts.urlExample}
            type="url"
            inputMode="url"
            autoComplete="off"
            required
            data-autofocus
            value={url}
            error={tried && !isAddress ? texts.urlWrong : atFault === 'url' ? failed?.message : undefined}
            onChange={(event) => {
              setUrl(event.currentTarget.value);
              changed();
            }}
          />
          <Checkbox
            label={texts.credentials}
            description={texts.credentialsHint}
            checked={needsKey}
            onChange={(event) => {
              setNeedsKey(event.currentTarget.checked);
              changed();
            }}
          />
          {needsKey ? (
            <Group grow align="flex-start">
              <TextInput
                label={texts.header}
                value={header}
                autoComplete="off"
                onChange={(event) => {
                  setHeader(event.currentTarget.value);
                  changed();
                }}
              />
              <PasswordInput
                label={texts.key}
                placeholder={texts.keyExample}
                value={key}
                autoComplete="off"
                onChange={(event) => {
                  setKey(event.currentTarget.value);
                  changed();
                }}
              />
            </Group>
          ) : null}
          {found === undefined ? null : <FoundCard found={found} />}
          {found?.usable === true ? (
            <TextInput
              label={texts.name}
              description={texts.nameHint(name)}
              required
              value={name}
              error={!isNamed && tried ? texts.nameWrong : atFault === 'name' ? failed?.message : undefined}
              onChange={(event) => {
                setNamed(event.currentTarget.value);
                connect.reset();
                setRequest(newId);
              }}
            />
          ) : null}
          {failed === null || atFault === 'url' || atFault === 'name' ? null : (
            <Text size="sm" c="red" role="alert" className="any-line">
              {failed.message}
            </Text>
          )}
          <Group justify="flex-end">
            {found?.usable === true ? (
              <Button type="submit" loading={connect.isPending}>
                {texts.submit}
              </Button>
            ) : (
              <Button type="submit" loading={check.isPending}>
                {texts.check}
              </Button>
            )}
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

function Connected({ agent, onClose }: { readonly agent: string; readonly onClose: () => void }) {
  return (
    <Dialog onClose={onClose} title={texts.connected(agent)}>
      <Stack>
        {texts.connectedHint}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {texts.done}
          </Button>
          <Button data-autofocus renderRoot={(props) => <Link to="/chat" search={{ agent }} {...props} />}>
            {texts.chatWith(agent)}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
