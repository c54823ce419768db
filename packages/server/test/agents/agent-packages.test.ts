/** Agents of other packages: what they have to export, and what people are told when they don't. */
import { describe, expect, it } from 'vitest';
import { agentsOfPackages } from '../../src/agents/agent-packages.js';

describe('packages of agents', () => {
  it('none are none', async () => {
    expect(await agentsOfPackages([])).toEqual([]);
  });

  it('that is not installed is named', async () => {
    await expect(agentsOfPackages(['@continuo/nowhere'])).rejects.toThrow(
      "CONTINUO_AGENT_PACKAGES: @continuo/nowhere can't be loaded",
    );
  });

  it('that exports no agents is named', async () => {
    await expect(agentsOfPackages(['zod'])).rejects.toThrow('zod does not export `agents`');
  });
});
