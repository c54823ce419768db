/** What is around every page: where one is, where one can go, and whether the page is live. */
import { AppShell, Burger, Group, Stack } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useSyncExternalStore, type MouseEvent } from 'react';
import { isSignInNeeded, watchSignIn } from '../api/credentials.js';
import { later } from '../components/later.js';
import { useNeedsYou } from '../tasks/needs-you.js';
import { agentList } from '../routes/tasks/task-queries.js';
import { texts } from '../texts.js';
import { attention } from './attention.js';
import { useTitle } from './badge.js';
import { ColourScheme } from './colour-scheme.js';
import { ConnectionState } from './connection-state.js';
import { ModelBanner, useModelBanner } from './model-banner.js';
import { navigation } from './navigation.js';
import { pageTitle, watchPageTitle } from './page-title.js';
import { QuickAccess } from './quick-access.js';

/** Most consoles ask nobody who they are. */
const SignIn = later(() => import('./sign-in.js').then((loaded) => loaded.SignIn));

const HEADER = 52;
const MOST_COUNTED = 99;
/** As its style sheet says. */
const WITH_BANNER = { base: HEADER + 64, sm: HEADER + 40 };

/** With `<base>` the address `#content` is one of another page. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('#content')?.focus();
}

/** The pages, once the server lets in who is here. */
export function Shell() {
  return useSyncExternalStore(watchSignIn, isSignInNeeded) ? <SignIn /> : <Pages />;
}

function Pages() {
  const agents = useQuery(agentList);
  const names = new Set(agents.data?.agents.map(({ card }) => card.name));
  const shown = navigation.filter((one) => !('agent' in one) || names.has(one.agent));
  const [open, { toggle, close }] = useDisclosure(false);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useEffect(close, [path, close]);
  const here = navigation.find(({ to }) => path.startsWith(to));
  const about = useSyncExternalStore(watchPageTitle, pageTitle) ?? here?.label;
  const waiting = useNeedsYou().tasks.length;
  const parts = [about, waiting === 0 ? undefined : texts.inbox.inTitle(waiting), texts.product];
  useTitle(parts.filter((part) => part !== undefined).join(' · '));
  const banner = useModelBanner();
  const navigate = useNavigate();
  useEffect(() => attention.start((id) => void navigate({ to: '/tasks/$id', params: { id } })), [navigate]);
  return (
    <AppShell
      header={{ height: banner === 'none' ? HEADER : WITH_BANNER }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !open } }}
      padding={0}
    >
      <a className="skip-link" href="#content" onClick={skip}>
        {texts.skip}
      </a>
      <AppShell.Header withBorder>
        <Group h={HEADER} px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={open}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={texts.menu}
              aria-expanded={open}
            />
            <Link to="/overview" className="brand">
              <img src={`${import.meta.env.BASE_URL}icon.svg`} width={24} height={24} alt="" />
              {texts.product}
            </Link>
          </Group>
          <Group gap="xs" wrap="nowrap">
            <QuickAccess pages={shown} />
            <ConnectionState />
            <ColourScheme />
          </Group>
        </Group>
        {banner === 'shown' ? <ModelBanner /> : null}
      </AppShell.Header>
      <AppShell.Navbar p="sm" withBorder aria-label={texts.menu}>
        <Stack gap={2}>
          {shown.map(({ to, label, icon: Icon }) => (
            <Link key={to} to={to} className="nav-link">
              <Icon size={18} stroke={1.6} aria-hidden />
              {label}
              {to === '/inbox' && waiting > 0 ? (
                <span className="nav-count" aria-label={texts.inbox.count(waiting)}>
                  {waiting > MOST_COUNTED ? `${MOST_COUNTED}+` : waiting}
                </span>
              ) : null}
            </Link>
          ))}
        </Stack>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
