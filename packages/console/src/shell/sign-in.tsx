/** Asks for the key that the server wants, before anything else. */
import { Button, Center, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { credentials, signIn } from '../api/credentials.js';
import { texts } from '../texts.js';

export function SignIn() {
  const [key, setKey] = useState('');
  return (
    <Center component="main" mih="100dvh" p="md">
      <form
        className="panel"
        style={{ padding: 24, width: 'min(420px, 100%)' }}
        onSubmit={(event) => {
          event.preventDefault();
          if (key.trim() !== '') signIn(key.trim());
        }}
      >
        <Stack gap="md">
          <Title order={1}>{texts.signIn.title}</Title>
          <Text size="sm" c="dimmed">
            {texts.signIn.hint}
          </Text>
          <PasswordInput
            label={texts.signIn.key}
            error={credentials() === null ? undefined : texts.signIn.refused}
            value={key}
            onChange={(event) => setKey(event.currentTarget.value)}
            visibilityToggleButtonProps={{ 'aria-label': texts.signIn.show }}
            autoComplete="off"
            data-autofocus
          />
          <Button type="submit">{texts.signIn.button}</Button>
        </Stack>
      </form>
    </Center>
  );
}
