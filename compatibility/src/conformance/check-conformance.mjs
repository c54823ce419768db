/** Whether a server of A2A does what the specification 1.0.1 requires: one table of requirements, over all bindings. */
import { startHooks } from './hook.mjs';
import { requirements } from './requirements.mjs';
import { bindings as allBindings, Skip, Trial } from './trial.mjs';

export { requirements } from './requirements.mjs';

/** Tries every requirement in turn, over each binding beside the others; never throws for what a server does. */
export async function checkConformance(target) {
  const hooks = await startHooks();
  try {
    const tried = (target.bindings ?? allBindings).map((binding) => resultsOver(binding, target, hooks));
    return { card: target.card, results: (await Promise.all(tried)).flat() };
  } finally {
    await hooks.close();
  }
}

async function resultsOver(binding, target, hooks) {
  const trial = new Trial(target, binding, hooks);
  const results = [];
  for (const requirement of requirements.filter(({ on }) => on.includes(binding))) {
    results.push({ ...about(requirement), binding, ...(await outcomeOf(requirement, trial)) });
  }
  trial.close();
  return results;
}

const about = ({ section, level, says }) => ({ section, level, says });

async function outcomeOf({ check }, trial) {
  try {
    await check(trial);
    return { outcome: 'passed' };
  } catch (error) {
    if (error instanceof Skip) return { outcome: 'skipped', reason: error.message };
    return { outcome: 'failed', reason: String(error?.message ?? error) };
  }
}
