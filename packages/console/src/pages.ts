/** Where each page's code is: loaded with the first page that the browser opens, and when another one is wanted. */

/** The page that the console's own address leads to. */
export const HOME = '/overview';

/** By the address, as the router writes it. */
export const pages = {
  '/overview': () => import('./routes/overview/overview-page.js'),
  '/inbox': () => import('./routes/inbox/inbox-page.js'),
  '/tasks': () => import('./routes/tasks/tasks-page.js'),
  '/tasks/$id': () => import('./routes/task/task-page.js'),
  '/agents': () => import('./routes/agents/agents-page.js'),
  '/agents/$type/$name': () => import('./routes/agent/agent-page.js'),
  '/chat': () => import('./routes/chat/chat-page.js'),
  '/chat/$id': () => import('./routes/chat/chat-page.js'),
  '/sessions': () => import('./routes/sessions/sessions-page.js'),
  '/marketing': () => import('./routes/marketing/marketing-page.js'),
  '/marketing/$id': () => import('./routes/campaign/campaign-page.js'),
  '/webhooks': () => import('./routes/webhooks/webhooks-page.js'),
  '/webhooks/deliveries': () => import('./routes/deliveries/deliveries-page.js'),
  '/settings': () => import('./routes/settings/settings-page.js'),
} as const;
