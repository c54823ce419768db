/** What is older than a policy allows, found and removed a batch at a time; other rooms do the same with rows of their own. */
import { recordAudit } from '../auth/audit-log.js';
import type { Expire } from '../platform/expiry.js';
import { lockIdleSessions } from '../sessions/idle-sessions.js';
import { lockExpiredTrees } from '../tasks/expired-trees.js';
import { neededSince } from '../tasks/views.js';
import { eraseSession, eraseTasks } from './erase.js';

/** Tasks that have ended with all that they called; the conversation stays. */
export const expireTasks: Expire = async (client, expiry) => {
  const { roots, tasks } = await lockExpiredTrees(client, expiry);
  if (roots === 0) return 0;
  await eraseTasks(
    client,
    tasks.map((task) => task.id),
  );
  for (const tenant of new Set(tasks.map((task) => task.tenant))) {
    const ids = tasks.filter((task) => task.tenant === tenant).map((task) => task.id);
    await recordAudit(client, {
      tenant,
      owner: null,
      action: 'tasks.expired',
      subject: ids[0] ?? '',
      details: { ids },
    });
  }
  return roots;
};

/** Sessions that nobody has touched, unless one of their tasks has not ended, or may be needed by one that called it. */
export const expireSessions: Expire = async (client, expiry) => {
  const idle = await lockIdleSessions(client, expiry, neededSince('s.id', '$3'));
  for (const { contextId, ...caller } of idle) {
    await eraseSession(client, caller, contextId);
    await recordAudit(client, { tenant: caller.tenant, owner: null, action: 'session.expired', subject: contextId });
  }
  return idle.length;
};
