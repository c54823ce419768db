/** The pages and their addresses; each page's code is loaded when it is first shown. */
import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { pagesPath } from './api/place.js';
import { Failed, Loading, NotFound } from './components/conditions.js';
import { later } from './components/later.js';
import { HOME, pages } from './pages.js';
import { toChatSearch } from './routes/chat/chat-search.js';
import { toDeliveryFilters } from './routes/deliveries/delivery-filters.js';
import { toMarketingSearch } from './routes/marketing/marketing-search.js';
import { toOverviewSearch } from './routes/overview/overview-search.js';
import { toSessionSearch } from './routes/sessions/session-search.js';
import { toTaskFilters } from './routes/tasks/filters.js';
import { toTaskView } from './routes/task/views.js';
import { Shell } from './shell/shell.js';

const root = createRootRoute({
  component: Shell,
  notFoundComponent: () => <NotFound />,
});

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    redirect({ to: HOME, throw: true });
  },
});

const overview = createRoute({
  getParentRoute: () => root,
  path: '/overview',
  validateSearch: toOverviewSearch,
  component: later(pages['/overview']),
});

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  component: later(pages['/inbox']),
});

const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  validateSearch: toTaskFilters,
  component: later(pages['/tasks']),
});

const task = createRoute({
  getParentRoute: () => root,
  path: '/tasks/$id',
  validateSearch: toTaskView,
  component: later(pages['/tasks/$id']),
});

const agents = createRoute({
  getParentRoute: () => root,
  path: '/agents',
  component: later(pages['/agents']),
});

const agent = createRoute({
  getParentRoute: () => root,
  path: '/agents/$type/$name',
  component: later(pages['/agents/$type/$name']),
});

const newChat = createRoute({
  getParentRoute: () => root,
  path: '/chat',
  validateSearch: toChatSearch,
  component: later(pages['/chat']),
});

const chat = createRoute({
  getParentRoute: () => root,
  path: '/chat/$id',
  validateSearch: toChatSearch,
  component: later(pages['/chat/$id']),
});

const sessions = createRoute({
  getParentRoute: () => root,
  path: '/sessions',
  validateSearch: toSessionSearch,
  component: later(pages['/sessions']),
});

const marketing = createRoute({
  getParentRoute: () => root,
  path: '/marketing',
  validateSearch: toMarketingSearch,
  component: later(pages['/marketing']),
});

const campaign = createRoute({
  getParentRoute: () => root,
  path: '/marketing/$id',
  component: later(pages['/marketing/$id']),
});

const webhooks = createRoute({
  getParentRoute: () => root,
  path: '/webhooks',
  component: later(pages['/webhooks']),
});

const deliveries = createRoute({
  getParentRoute: () => root,
  path: '/webhooks/deliveries',
  validateSearch: toDeliveryFilters,
  component: later(pages['/webhooks/deliveries']),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: later(pages['/settings']),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    overview,
    inbox,
    tasks,
    task,
    agents,
    agent,
    newChat,
    chat,
    sessions,
    marketing,
    campaign,
    webhooks,
    deliveries,
    settings,
  ]),
  basepath: pagesPath,
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: ({ error, reset }) => (
    <Failed error={error instanceof Error ? error : new Error(String(error))} retry={reset} />
  ),
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
