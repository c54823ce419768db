/** Asks who is here, in the ways that the server knows, before anything else. */
import { Alert, Button, Center, Divider, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/client.js';
import { signedInWith, signInWithKey } from '../api/credentials.js';
import { signInProblem } from '../api/sign-in-return.js';
import type { Client } from '../api/tokens.js';
import { Loading } from '../components/conditions.js';
import { texts } from '../texts.js';

export function SignIn() {
  const options = useQuery({ queryKey: ['sign-in-options'], queryFn: () => call('getSignInOptions', {}) });
  const issuer = options.data?.openIdConnect;
  const withKey = issuer === undefined || options.data?.schemes.includes('keys') === true;
  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack className="panel" gap="md" p={24} w="min(420px, 100%)">
        <Title order={1}>{texts.signIn.title}</Title>
        {options.isPending ? (
          <Loading />
        ) : (
          <>
            {issuer === undefined ? null : <AtIssuer issuer={issuer} />}
            {issuer !== undefined && withKey ? <Divider label={texts.signIn.or} /> : null}
            {withKey ? <WithKey quiet={issuer !== undefined} /> : null}
          </>
        )}
      </Stack>
    </Center>
  );
}

function AtIssuer({ issuer }: { readonly issuer: Client }) {
  const before = signInProblem() ?? (signedInWith() === 'issuer' ? texts.signIn.ended : undefined);
  const begin = useMutation({
    mutationFn: async () => (await import('../api/open-id-connect.js')).beginSignIn(issuer),
  });
  const problem = begin.data ?? before;
  return (
    <Stack gap="sm">
      {problem === undefined ? null : (
        <Alert color="orange" variant="default" role="alert" title={texts.signIn.problem}>
          {problem}
        </Alert>
      )}
      <Button disabled={!isSecureContext} loading={begin.isPending} onClick={() => begin.mutate()}>
        {texts.signIn.at(new URL(issuer.issuer).host)}
      </Button>
      <Text size="sm" c="dimmed">
        {isSecureContext ? texts.signIn.atHint : texts.signIn.insecure}
      </Text>
    </Stack>
  );
}

/** `quiet`: there is another way, which comes first. */
function WithKey({ quiet }: { readonly quiet: boolean }) {
  const [key, setKey] = useState('');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (key.trim() !== '') signInWithKey(key.trim());
      }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {texts.signIn.hint}
        </Text>
        <PasswordInput
          label={texts.signIn.key}
          error={signedInWith() === 'key' ? texts.signIn.refused : undefined}
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
          visibilityToggleButtonProps={{ 'aria-label': texts.signIn.show }}
          autoComplete="off"
          data-autofocus
        />
        <Button type="submit" variant={quiet ? 'default' : 'filled'}>
          {texts.signIn.button}
        </Button>
      </Stack>
    </form>
  );
}
