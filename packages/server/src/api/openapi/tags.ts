/** Under which heading a reader of the document finds each operation. */

/** In the order in which a reader meets them. */
const tags = {
  Agents:
    'Which agents there are, and what their cards say. Agents are called over A2A, or with the first operation of Tasks.',
  Tasks: 'What agents were asked to do: start, follow, cancel and retry tasks, and read what came of them.',
  Sessions: 'Conversations: what was said in them, what agents keep there, and with whom they are shared.',
  Files: 'Uploads that messages can name, in one piece or in several.',
  Memories: 'What agents remember of a caller across sessions.',
  Webhooks: 'Subscriptions to events, and what became of each delivery.',
  'Usage and statistics': 'How tasks went over the last hours, and what language models took.',
  'Sign-in': 'Who the caller is, and how people can sign in.',
  'External agents': 'Remote agents that administrators connect by their URL, and disconnect. Administrators only.',
  'Web pages': 'What web pages say, for clients that can’t read them themselves.',
  Keys: 'API keys for programs. Administrators only.',
  Audit: 'Who did what in the tenant. Administrators only.',
  Metrics: 'Figures for Prometheus.',
  Health: 'Probes for load balancers and for whatever restarts the process.',
  'API description': 'This document, for tools that make clients of it.',
} as const;

type Tag = keyof typeof tags;

/** By the first word of a path, or by what it names of an agent. */
const rooms: Readonly<Record<string, Tag>> = {
  agents: 'Agents',
  'external-agents': 'External agents',
  tasks: 'Tasks',
  sessions: 'Sessions',
  files: 'Files',
  memories: 'Memories',
  webhooks: 'Webhooks',
  statistics: 'Usage and statistics',
  usage: 'Usage and statistics',
  caller: 'Sign-in',
  'sign-in-options': 'Sign-in',
  'page-text': 'Web pages',
  keys: 'Keys',
  audit: 'Audit',
  metrics: 'Metrics',
  healthz: 'Health',
  readyz: 'Health',
  'openapi.json': 'API description',
};

/** As the document has them. */
export const tagList = Object.entries(tags).map(([name, description]) => ({ name, description }));

/** The tag of the operations at `path`. Throws for a path whose first word has none. */
export function tagOf(path: string): Tag {
  const [, first = '', , , ofAgent] = path.split('/');
  const tag = rooms[first === 'agents' ? (ofAgent ?? first) : first];
  if (tag === undefined) throw new Error(`${path} has no tag: name one in tags.ts.`);
  return tag;
}
