/** The campaigns there were, and what each is called. */
import { queryOptions } from '@tanstack/react-query';
import { call } from '../../api/client.js';
import type { Task } from '@continuo/client';
import { startOf } from '../../components/cut-text.js';
import { fieldsIn, fieldsOf, textIn, textOf } from '@continuo/client/facts';
import { marketingTexts } from '../../texts/marketing.js';

export const SWARM = 'marketing/swarm';
const MOST_RECENT = 20;
/** Briefs are the first thing said, and few words follow. */
const MOST_SAID = 20;
const MOST_CHARACTERS = 80;

export const recentCampaigns = queryOptions({
  queryKey: ['tasks', 'campaigns'],
  queryFn: ({ signal }) =>
    call('listTasks', { query: { agent: SWARM, pageSize: MOST_RECENT, historyLength: MOST_SAID } }, signal),
});

/** The product of its brief, before a colon if there is one. */
export function nameOf({ history }: Pick<Task, 'history'>): string {
  const brief = history?.find(({ role }) => role === 'ROLE_USER')?.parts ?? [];
  const product = brief.map(({ data }) => productIn(fieldsOf(data))).find((name) => name !== undefined);
  const name = (product?.split(':')[0] ?? textOf(brief).split('\n')[0] ?? '').trim();
  return name === '' ? marketingTexts.one : startOf(name, MOST_CHARACTERS);
}

/** A text, or an object with a name. */
function productIn(brief: ReturnType<typeof fieldsOf>): string | undefined {
  return textIn(brief, 'product') ?? textIn(fieldsIn(brief, 'product'), 'name');
}
