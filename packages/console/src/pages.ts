/** Where each page's code is: loaded with the first page that the browser opens, and when another one is wanted. */

/** The page that the console's own address leads to. */
export const HOME = '/overview';

/** By the address, as the router writes it. */
export const pages = {
  '/overview': () => import('./routes/overview/overview-page.js').then((page) => page.OverviewPage),
  '/inbox': () => import('./routes/inbox/inbox-page.js').then((page) => page.InboxPage),
  '/tasks': () => import('./routes/tasks/tasks-page.js').then((page) => page.TasksPage),
  '/tasks/$id': () => import('./routes/task/task-page.js').then((page) => page.TaskPage),
  '/agents': () => import('./routes/agents/agents-page.js').then((page) => page.AgentsPage),
  '/agents/$type/$name': () => import('./routes/agent/agent-page.js').then((page) => page.AgentPage),
  '/chat': () => import('./routes/chat/chat-page.js').then((page) => page.NewChatPage),
  '/chat/$id': () => import('./routes/chat/chat-page.js').then((page) => page.ChatPage),
  '/sessions': () => import('./routes/sessions/sessions-page.js').then((page) => page.SessionsPage),
  '/marketing': () => import('./routes/marketing/marketing-page.js').then((page) => page.MarketingPage),
  '/marketing/$id': () => import('./routes/campaign/campaign-page.js').then((page) => page.CampaignPage),
  '/webhooks': () => import('./routes/webhooks/webhooks-page.js').then((page) => page.WebhooksPage),
  '/webhooks/deliveries': () => import('./routes/deliveries/deliveries-page.js').then((page) => page.DeliveriesPage),
  '/settings': () => import('./routes/settings/settings-page.js').then((page) => page.SettingsPage),
} as const;
