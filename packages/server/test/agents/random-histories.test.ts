/** Random sessions of odd items and several models: every turn goes on, whichever provider is asked. `npm run histories` plays more of them. */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { oddItems, type OddItem } from '../support/odd-items.js';
import { SessionTalk } from '../support/session-talk.js';
import { startStrictAgents, type StrictAgents } from '../support/strict-agents.js';
import { strictKinds, type StrictKind } from '../support/strict-providers/strict-provider.js';

const sessions = Number(process.env.RANDOM_SESSIONS ?? 25);
const seed = Number(process.env.RANDOM_SESSIONS_SEED ?? 20_261_127);
const AT_ONCE = 12;
const TIMEOUT_MS = 180_000 + sessions * 1_000;
/** Tokens that the models take; sessions are as long as that, now and then. */
const CONTEXT = 12_000;

interface Step {
  readonly kind: StrictKind;
  readonly item: OddItem;
}

/** Those that wait for a second attempt are few: they take long. */
const quick = oddItems.filter(({ name }) => name !== 'an answer of white space');
const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom(...strictKinds),
  item: fc.oneof(
    { weight: 60, arbitrary: fc.constantFrom(...quick) },
    { weight: 1, arbitrary: fc.constantFrom(...oddItems) },
  ),
});
const program = fc.array(step, { minLength: 1, maxLength: 6, size: 'max' });

let agents: StrictAgents;

beforeAll(async () => {
  agents = await startStrictAgents({ contextTokens: CONTEXT });
});

/** What is wrong with the session; undefined when nothing is. */
async function flawOf(steps: readonly Step[]): Promise<string | undefined> {
  const talk = new SessionTalk(agents, 'anthropic');
  for (const { kind, item } of steps) {
    talk.kind = kind;
    await item.put(talk);
  }
  for (const kind of strictKinds) {
    talk.kind = kind;
    const state = await talk.say('What is 1+1?', { kind: 'answer', words: ['2'] });
    turns += 1;
    if (state !== 'COMPLETED') return `${kind}: ${state}`;
  }
  return undefined;
}

let turns = 0;

/** The smallest example that was found for what is wrong with the session of this number; undefined when nothing is. */
async function exampleOf(number: number): Promise<string | undefined> {
  const property = fc.asyncProperty(program, async (steps) => {
    const flaw = await flawOf(steps);
    if (flaw !== undefined) throw new Error(flaw);
  });
  const details = await fc.check(property, { seed: seed + number, numRuns: 1, unbiased: true });
  if (!details.failed) return undefined;
  const steps = details.counterexample?.[0].map(({ kind, item }) => `${kind}: ${item.name}`) ?? [];
  const why = details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance);
  return [`session ${number} of seed ${seed}:`, ...steps, why].join('\n');
}

it(
  `${sessions} sessions of seed ${seed} are accepted by all providers`,
  async () => {
    const examples: string[] = [];
    let next = 0;
    const lanes = Array.from({ length: AT_ONCE }, async () => {
      while (next < sessions && examples.length === 0) {
        next += 1;
        const example = await exampleOf(next);
        if (example !== undefined) examples.push(example);
        if (next % 500 === 0) console.log(`${next} sessions`);
      }
    });
    await Promise.all(lanes);
    const asked = strictKinds.map((kind) => {
      const { requests } = agents.providers[kind];
      return `${kind} ${requests.length}, of which ${requests.filter(({ refused }) => refused !== undefined).length} refused`;
    });
    console.log(`${sessions} sessions, seed ${seed}, ${turns} turns at their ends; requests: ${asked.join('; ')}`);
    expect(examples.join('\n\n')).toBe('');
  },
  TIMEOUT_MS,
);
