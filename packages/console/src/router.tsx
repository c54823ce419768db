/** The pages and their addresses; each page's code is loaded when it is first shown. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { pagesPath } from './api/place.js';
import { Failed, Loading, NotFound } from './components/conditions.js';
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
    redirect({ to: '/overview', throw: true });
  },
});

const overview = createRoute({
  getParentRoute: () => root,
  path: '/overview',
  validateSearch: toOverviewSearch,
  component: lazyRouteComponent(() => import('./routes/overview/overview-page.js'), 'OverviewPage'),
});

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  component: lazyRouteComponent(() => import('./routes/inbox/inbox-page.js'), 'InboxPage'),
});

const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  validateSearch: toTaskFilters,
  component: lazyRouteComponent(() => import('./routes/tasks/tasks-page.js'), 'TasksPage'),
});

const task = createRoute({
  getParentRoute: () => root,
  path: '/tasks/$id',
  validateSearch: toTaskView,
  component: lazyRouteComponent(() => import('./routes/task/task-page.js'), 'TaskPage'),
});

const agents = createRoute({
  getParentRoute: () => root,
  path: '/agents',
  component: lazyRouteComponent(() => import('./routes/agents/agents-page.js'), 'AgentsPage'),
});

const agent = createRoute({
  getParentRoute: () => root,
  path: '/agents/$type/$name',
  component: lazyRouteComponent(() => import('./routes/agent/agent-page.js'), 'AgentPage'),
});

const newChat = createRoute({
  getParentRoute: () => root,
  path: '/chat',
  validateSearch: toChatSearch,
  component: lazyRouteComponent(() => import('./routes/chat/chat-page.js'), 'NewChatPage'),
});

const chat = createRoute({
  getParentRoute: () => root,
  path: '/chat/$id',
  validateSearch: toChatSearch,
  component: lazyRouteComponent(() => import('./routes/chat/chat-page.js'), 'ChatPage'),
});

const sessions = createRoute({
  getParentRoute: () => root,
  path: '/sessions',
  validateSearch: toSessionSearch,
  component: lazyRouteComponent(() => import('./routes/sessions/sessions-page.js'), 'SessionsPage'),
});

const marketing = createRoute({
  getParentRoute: () => root,
  path: '/marketing',
  validateSearch: toMarketingSearch,
  component: lazyRouteComponent(() => import('./routes/marketing/marketing-page.js'), 'MarketingPage'),
});

const campaign = createRoute({
  getParentRoute: () => root,
  path: '/marketing/$id',
  component: lazyRouteComponent(() => import('./routes/campaign/campaign-page.js'), 'CampaignPage'),
});

const webhooks = createRoute({
  getParentRoute: () => root,
  path: '/webhooks',
  component: lazyRouteComponent(() => import('./routes/webhooks/webhooks-page.js'), 'WebhooksPage'),
});

const deliveries = createRoute({
  getParentRoute: () => root,
  path: '/webhooks/deliveries',
  validateSearch: toDeliveryFilters,
  component: lazyRouteComponent(() => import('./routes/deliveries/deliveries-page.js'), 'DeliveriesPage'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('./routes/settings/settings-page.js'), 'SettingsPage'),
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
