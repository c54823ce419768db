/** What random agents are made of: programs of steps, flows, branches, questions, children and sayings, and where their runs are cut. */
import fc from 'fast-check';

export type Say =
  | { readonly do: 'progress'; readonly text: string }
  | { readonly do: 'artifact'; readonly text: string; readonly name?: string }
  | { readonly do: 'stream'; readonly chunks: readonly string[]; readonly name?: string };

/** `late` fails once; `terminal` and `exhausted` fail for good, which the agent catches. */
export type StepEnd = 'well' | 'late' | 'terminal' | 'exhausted';

export interface Step {
  readonly do: 'step';
  readonly name: string;
  readonly says: readonly Say[];
  readonly ends: StepEnd;
  /** Another step is called inside of it. */
  readonly nests: boolean;
  readonly ms: number;
}

export interface Ask {
  readonly do: 'ask';
  /** Whether it is known by a name; else by its words. */
  readonly named: boolean;
  readonly text: string;
  /** How many answers the agent refuses. */
  readonly refuses: number;
}

export interface Sleep {
  readonly do: 'sleep';
  readonly ms: number;
}

export interface Take {
  readonly do: 'take';
}

export interface Child {
  readonly body: readonly Node[];
  readonly cuts: readonly Cut[];
}

export interface Calls {
  readonly do: 'call' | 'callAll';
  readonly children: readonly Child[];
}

export interface Flows {
  readonly do: 'all';
  readonly flows: readonly (readonly Node[])[];
}

export interface Branches {
  readonly do: 'branches';
  readonly branches: readonly { readonly name: string; readonly body: readonly Node[] }[];
}

export interface Race {
  readonly do: 'race';
  readonly entrants: readonly (Step | Sleep)[];
  /** Whether the agent waits for those that lose. */
  readonly joins: boolean;
}

export type Node = Say | Step | Ask | Sleep | Take | Calls | Flows | Branches | Race;

/** A run dies at its n-th commit: `kept` right after, when nobody has been told; else right before. */
export interface Cut {
  readonly at: number;
  readonly kept: boolean;
}

export interface Program {
  readonly body: readonly Node[];
  /** One for each run, in order; the runs that follow are whole. */
  readonly cuts: readonly Cut[];
  /** Messages that it is sent while it works. */
  readonly inbox: number;
  /** Whether it fails in the end. */
  readonly fails: boolean;
}

const few = { maxLength: 3, size: 'max' } as const;
// So few that they repeat.
const name = fc.constantFrom('load', 'send', 'check');
const text = fc.constantFrom('one', 'two', 'three');
const ms = fc.nat({ max: 12 });
const maybeNamed = { name: fc.constantFrom('report', 'letter') };

const say: fc.Arbitrary<Say> = fc.oneof(
  fc.record({ do: fc.constant('progress' as const), text }),
  fc.record({ do: fc.constant('artifact' as const), text, ...maybeNamed }, { requiredKeys: ['do', 'text'] }),
  fc.record(
    { do: fc.constant('stream' as const), chunks: fc.array(text, { maxLength: 4 }), ...maybeNamed },
    { requiredKeys: ['do', 'chunks'] },
  ),
);

const step: fc.Arbitrary<Step> = fc.record({
  do: fc.constant('step' as const),
  name,
  says: fc.array(say, { maxLength: 2 }),
  ends: fc.oneof(
    { weight: 4, arbitrary: fc.constant('well' as const) },
    { weight: 2, arbitrary: fc.constantFrom('late' as const, 'terminal' as const, 'exhausted' as const) },
  ),
  nests: fc.boolean(),
  ms,
});

const sleep: fc.Arbitrary<Sleep> = fc.record({ do: fc.constant('sleep' as const), ms });
const take: fc.Arbitrary<Take> = fc.record({ do: fc.constant('take' as const) });
const ask: fc.Arbitrary<Ask> = fc.record({
  do: fc.constant('ask' as const),
  named: fc.boolean(),
  text,
  refuses: fc.constantFrom(0, 0, 0, 1, 2),
});

const cut: fc.Arbitrary<Cut> = fc.record({
  at: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 10 })),
  kept: fc.boolean(),
});

const childNode: fc.Arbitrary<Node> = fc.oneof(
  { weight: 3, arbitrary: say },
  { weight: 3, arbitrary: step },
  { weight: 1, arbitrary: ask },
  { weight: 1, arbitrary: sleep },
);
const child: fc.Arbitrary<Child> = fc.record({ body: fc.array(childNode, few), cuts: fc.array(cut, few) });
const calls: fc.Arbitrary<Calls> = fc.oneof(
  fc.record({ do: fc.constant('call' as const), children: fc.tuple(child) }),
  fc.record({ do: fc.constant('callAll' as const), children: fc.array(child, { minLength: 1, ...few }) }),
);

const race: fc.Arbitrary<Race> = fc.record({
  do: fc.constant('race' as const),
  entrants: fc.array(
    fc.oneof(
      sleep,
      step.map((entrant) => ({ ...entrant, ends: 'well' as const, says: [] })),
    ),
    { minLength: 2, maxLength: 3 },
  ),
  joins: fc.boolean(),
});

/** `depth`: how far flows and branches go into each other; `most`: how long each is. */
function bodies(depth: number, most: number): fc.Arbitrary<readonly Node[]> {
  const leaf: readonly fc.WeightedArbitrary<Node>[] = [
    { weight: 5, arbitrary: say },
    { weight: 5, arbitrary: step },
    { weight: 2, arbitrary: ask },
    { weight: 2, arbitrary: sleep },
    { weight: 1, arbitrary: take },
    { weight: 1, arbitrary: race },
    { weight: 1, arbitrary: calls },
  ];
  if (depth === 0) return fc.array(fc.oneof(...leaf), { maxLength: most, size: 'max' });
  const inner = bodies(depth - 1, most);
  const flow = fc.tuple(fc.oneof(...leaf), inner).map(([first, rest]): readonly Node[] => [first, ...rest]);
  const flows = fc.record({ do: fc.constant('all' as const), flows: fc.array(flow, { minLength: 1, ...few }) });
  const branch = fc.record({ name: fc.constantFrom('left', 'right'), body: inner });
  const branches = fc.record({
    do: fc.constant('branches' as const),
    branches: fc.array(branch, { minLength: 1, ...few }),
  });
  const node = fc.oneof(...leaf, { weight: 6, arbitrary: flows }, { weight: 2, arbitrary: branches });
  return fc.array(node, { maxLength: most, size: 'max' });
}

/** Programs within the one rule for flows side by side: each begins with an operation, or with what it says. */
export const programs: fc.Arbitrary<Program> = fc
  .record({
    body: fc.oneof(bodies(1, 3), bodies(2, 3), bodies(3, 2)),
    cuts: fc.array(cut, { minLength: 1, ...few }),
    inbox: fc.nat({ max: 3 }),
    fails: fc.oneof({ weight: 6, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  })
  // What is sent to a task that asks is an answer.
  .map((program) => (some(program.body, ({ do: kind }) => kind === 'ask') ? { ...program, inbox: 0 } : program));

/** Whether any node of the body, in its flows, branches and children, is so. */
function some(nodes: readonly Node[], is: (node: Node) => boolean): boolean {
  return nodes.some((node) => is(node) || bodiesOf(node).some((inner) => some(inner, is)));
}

function bodiesOf(node: Node): readonly (readonly Node[])[] {
  if (node.do === 'all') return node.flows;
  if (node.do === 'branches') return node.branches.map((branch) => branch.body);
  return node.do === 'call' || node.do === 'callAll' ? node.children.map((each) => each.body) : [];
}
