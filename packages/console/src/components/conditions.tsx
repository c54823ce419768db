/** What is shown instead of a content: that it loads, that there is none, that it failed. */
import { Button, Center, Loader, Stack, Text, Title } from '@mantine/core';
import { ContinuoApiError } from '@continuo/client';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { texts } from '../texts.js';

export function Loading() {
  return (
    <Center mih={200} role="status" aria-label={texts.common.loading}>
      <Loader size="sm" />
    </Center>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly hint?: string;
  readonly children?: ReactNode;
}

export function Empty({ title, hint, children }: EmptyProps) {
  return (
    <Center mih={200} p="lg">
      <Stack gap="xs" align="center" ta="center">
        <Text fw={600}>{title}</Text>
        {hint === undefined ? null : (
          <Text size="sm" c="dimmed" maw={420}>
            {hint}
          </Text>
        )}
        {children}
      </Stack>
    </Center>
  );
}

const NOT_FOUND = 404;

/** What is asked for doesn't exist; asking again won't help. */
export function NotFound({ message }: { readonly message?: string }) {
  return (
    <Center mih={200} p="lg" role="alert">
      <Stack gap="xs" align="center" ta="center">
        <Title order={1}>{texts.common.notFound}</Title>
        {message === undefined ? null : (
          <Text size="sm" c="dimmed" maw={480} className="any-line">
            {message}
          </Text>
        )}
        <Link to="/overview">{texts.common.home}</Link>
      </Stack>
    </Center>
  );
}

interface FailedProps {
  readonly error: Error;
  readonly retry?: () => void;
}

export function Failed({ error, retry }: FailedProps) {
  if (error instanceof ContinuoApiError && error.status === NOT_FOUND) return <NotFound message={error.message} />;
  return (
    <Center mih={200} p="lg" role="alert">
      <Stack gap="xs" align="center" ta="center">
        <Title order={2}>{texts.common.failedToLoad}</Title>
        <Text size="sm" c="dimmed" maw={480} className="any-line">
          {error.message}
        </Text>
        {retry === undefined ? null : (
          <Button variant="default" onClick={retry}>
            {texts.common.tryAgain}
          </Button>
        )}
      </Stack>
    </Center>
  );
}
