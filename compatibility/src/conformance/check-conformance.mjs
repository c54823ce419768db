/** Whether a server of A2A does what the specification 1.0.1 requires: one table of requirements, over all bindings. */
import { startHooks } from './hook.mjs';
import { requirements } from './requirements.mjs';
import { bindings as allBindings, Skip, Trial } from './trial.mjs';

export { requirements } from './requirements.mjs';

/** Tries every requirement over each binding, one after the other; never throws for what a server does. */
export async function checkConformance(target) {
  const hooks = await startHooks();
  const results = [];
  try {
    for (const binding of target.bindings ?? allBindings) {
      const trial = new Trial(target, binding, hooks);
      for (const requirement of requirements) {
        if (!requirement.on.includes(binding)) continue;
        results.push({ ...about(requirement), binding, ...(await outcomeOf(requirement, trial)) });
      }
      trial.close();
    }
  } finally {
    await hooks.close();
  }
  return { card: target.card, results };
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
