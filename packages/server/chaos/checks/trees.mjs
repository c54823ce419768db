/** Trees that were cancelled at their roots: nothing of them is active, and nothing was added afterwards. */

/** What was on its way when the root was cancelled; with two busy cores a bit more. */
const GROWS_MS = 5_000;

/**
 * @param {(statement: string, values?: unknown[]) => Promise<any[]>} query
 * @param {import('../ledger.mjs').Ledger['felled']} felled
 * @returns {AsyncGenerator<[about: string, problem: string]>}
 */
export async function* checkTrees(query, felled) {
  for (const { rootId, at } of felled) {
    const rows = await query('SELECT id, state, agent, created_at FROM tasks WHERE root_id = $1', [rootId]);
    for (const { id, state, agent, created_at: createdAt } of rows) {
      if (!['COMPLETED', 'FAILED', 'CANCELED', 'REJECTED'].includes(state)) {
        yield ['tree left', `task ${id} (${agent}) is ${state}, and its root ${rootId} was cancelled`];
      }
      const late = createdAt.getTime() - at;
      if (late > GROWS_MS)
        yield ['tree grew', `task ${id} (${agent}) was made ${late} ms after its root ${rootId} was cancelled`];
    }
  }
}
