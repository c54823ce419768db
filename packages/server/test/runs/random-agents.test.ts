/** Random agents, cut off at random commits: they end as without a crash. `npm run agents` plays more of them. */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { createTestDatabase } from '../support/database.js';
import { play } from '../support/random-agents/play.js';
import { programs, type Cut, type Node, type Program, type Step } from '../support/random-agents/program.js';
import { openStage, type Stage } from '../support/random-agents/stage.js';

const agents = Number(process.env.RANDOM_AGENTS ?? 150);
const seed = Number(process.env.RANDOM_AGENTS_SEED ?? 20_261_127);
const AT_ONCE = 32;
/** What fails now and then only is tried so often while a smaller example is looked for. */
const TRIES = 4;
const SHRINKING_MS = 300_000;
const TIMEOUT_MS = 300_000 + agents * 4_000;

let stage: Stage;

beforeAll(async () => {
  const { url } = await createTestDatabase();
  stage = await openStage(url);
});

/** The smallest example that was found for what is wrong with the program of this number; undefined when nothing is. */
async function exampleOf(number: number): Promise<string | undefined> {
  let tries = 1;
  const property = fc.asyncProperty(programs, async (program: Program) => {
    for (let left = tries; left > 0; left -= 1) {
      const problems = await play(stage, program);
      if (problems.length === 0) continue;
      tries = TRIES;
      throw new Error(problems.join('\n'));
    }
  });
  const details = await fc.check(property, {
    seed: seed + number,
    numRuns: 1,
    unbiased: true,
    interruptAfterTimeLimit: SHRINKING_MS,
  });
  if (!details.failed) return undefined;
  const [program] = details.counterexample ?? [];
  const why = details.errorInstance instanceof Error ? details.errorInstance.message : String(details.errorInstance);
  return `agent ${number} of seed ${seed}, after ${details.numShrinks} shrinks:\n${JSON.stringify(program)}\n${why}`;
}

it('gives each message of the inbox to one of several flows that take at once', async () => {
  const waits: readonly Node[] = Array.from({ length: 5 }, () => ({
    do: 'step',
    name: 'load',
    says: [],
    ends: 'well',
    nests: false,
    ms: 7,
  }));
  const takes: Node = { do: 'all', flows: [[{ do: 'take' }, { do: 'take' }], [{ do: 'take' }]] };
  const body: readonly Node[] = [...waits, takes, takes];
  const cuts: readonly Cut[] = [
    { at: 6, kept: true },
    { at: 2, kept: true },
  ];
  expect(await play(stage, { body, cuts, inbox: 3, fails: false })).toEqual([]);
});

it('loses nothing that a step says while the question of a child is put', async () => {
  const says: Step['says'] = [{ do: 'artifact', text: 'one' }];
  const step: Step = { do: 'step', name: 'send', says, ends: 'well', nests: false, ms: 2 };
  const steps = Array.from({ length: 15 }, () => step);
  const asks: Node = { do: 'ask', named: false, text: 'one', refuses: 1 };
  const call: Node = { do: 'call', children: [{ body: [asks], cuts: [] }] };
  const body: readonly Node[] = [{ do: 'all', flows: [[call], steps, steps, steps] }];
  const program: Program = { body, cuts: [], inbox: 0, fails: false };
  const problems = await Promise.all(Array.from({ length: 20 }, () => play(stage, program)));
  expect(problems.flat()).toEqual([]);
});

it(
  `${agents} agents of seed ${seed} end as without a crash`,
  async () => {
    console.log(`${agents} random agents, seed ${seed}`);
    const examples: string[] = [];
    let next = 0;
    let done = 0;
    const lanes = Array.from({ length: AT_ONCE }, async () => {
      while (next < agents && examples.length === 0) {
        next += 1;
        const example = await exampleOf(next);
        if (example !== undefined) examples.push(example);
        done += 1;
        if (done % 1_000 === 0) console.log(`${done} done: ${String(stage.tally)}`);
      }
    });
    await Promise.all(lanes);
    console.log(String(stage.tally));
    expect(examples.join('\n\n')).toBe('');
  },
  TIMEOUT_MS,
);
