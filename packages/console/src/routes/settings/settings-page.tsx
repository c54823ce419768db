/** Who is signed in, how the console looks and what it does by itself, and the keys of others. */
import {
  Button,
  Group,
  SegmentedControl,
  Stack,
  Switch,
  Text,
  Title,
  useMantineColorScheme,
  type MantineColorScheme,
} from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { caller as callerQuery } from '../../api/caller.js';
import { call } from '../../api/client.js';
import { signedInWith, signOut } from '../../api/credentials.js';
import type { Caller } from '@continuo/client';
import { Failed, Loading } from '../../components/conditions.js';
import { chooseLanguage, languageChoice, languages, toChoice } from '../../language.js';
import { canNotify } from '../../shell/notifying.js';
import { useShortcutsOn } from '../../shell/shortcuts.js';
import { useNotifying } from '../../shell/use-notifying.js';
import { texts } from '../../texts.js';
import { settingsTexts } from '../../texts/settings.js';
import { ApiKeys } from './api-keys.js';

export function SettingsPage() {
  const caller = useQuery(callerQuery);
  return (
    <Stack className="page" p={{ base: 'sm', sm: 'lg' }} gap="md" maw={920}>
      <Title order={1}>{texts.pages.settings}</Title>
      <Section title={settingsTexts.you}>
        {caller.data !== undefined ? (
          <You caller={caller.data} />
        ) : caller.error === null ? (
          <Loading />
        ) : (
          <Failed error={caller.error} retry={() => void caller.refetch()} />
        )}
      </Section>
      <Section title={settingsTexts.theme}>
        <Theme />
      </Section>
      <Section title={texts.language.name}>
        <Language />
      </Section>
      <Section title={settingsTexts.habits}>
        <Habits />
      </Section>
      {caller.data === undefined ? null : <Keys caller={caller.data} />}
    </Stack>
  );
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="panel" style={{ padding: 20 }} aria-label={title}>
      <Stack gap="sm">
        <Title order={2}>{title}</Title>
        {children}
      </Stack>
    </section>
  );
}

function You({ caller: { owner, tenant, scopes, local } }: { readonly caller: Caller }) {
  const how = signedInWith();
  if (local) return <Text size="sm">{settingsTexts.local}</Text>;
  return (
    <>
      <dl className="facts">
        <dt>{settingsTexts.owner}</dt>
        <dd>{owner}</dd>
        <dt>{settingsTexts.tenant}</dt>
        <dd>{tenant}</dd>
        <dt>{settingsTexts.scopes}</dt>
        <dd>{scopes.join(', ')}</dd>
        <dt>{settingsTexts.how}</dt>
        <dd>{how === 'issuer' ? settingsTexts.byIssuer : settingsTexts.byKey}</dd>
      </dl>
      <Group>
        <Button variant="default" onClick={signOut}>
          {texts.signIn.out}
        </Button>
      </Group>
    </>
  );
}

function Theme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Group>
      <SegmentedControl
        aria-label={texts.theme.name}
        data={(['light', 'dark', 'auto'] satisfies MantineColorScheme[]).map((value) => ({
          value,
          label: texts.theme[value],
        }))}
        value={colorScheme}
        onChange={(value) => setColorScheme(value)}
      />
    </Group>
  );
}

function Language() {
  return (
    <Group>
      <SegmentedControl
        aria-label={texts.language.name}
        data={[
          { value: 'system', label: texts.language.system },
          ...Object.entries(languages).map(([value, label]) => ({ value, label })),
        ]}
        value={languageChoice}
        onChange={(value) => chooseLanguage(toChoice(value))}
      />
    </Group>
  );
}

function Habits() {
  const [shortcuts, setShortcuts] = useShortcutsOn();
  const [notifying, toggleNotifying] = useNotifying();
  return (
    <>
      <Switch
        label={texts.attention.on}
        description={canNotify() ? texts.attention.hint : texts.attention.never}
        disabled={!canNotify()}
        checked={notifying}
        onChange={toggleNotifying}
      />
      <Switch
        label={texts.shortcuts.on}
        description={texts.shortcuts.hint}
        checked={shortcuts}
        onChange={(event) => setShortcuts(event.currentTarget.checked)}
      />
    </>
  );
}

function Keys({ caller }: { readonly caller: Caller }) {
  const options = useQuery({ queryKey: ['sign-in-options'], queryFn: () => call('getSignInOptions', {}) });
  if (options.data === undefined) return null;
  const refusal = !options.data.schemes.includes('keys')
    ? settingsTexts.noKeysHere
    : !caller.scopes.includes('admin')
      ? settingsTexts.notAdmin
      : undefined;
  if (refusal === undefined) return <ApiKeys />;
  return (
    <Section title={settingsTexts.keys}>
      <Text size="sm">{refusal}</Text>
    </Section>
  );
}
