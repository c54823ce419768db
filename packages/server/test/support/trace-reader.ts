/** Reads traces as clients get them, and what tests want to know of them. */
import { call, type Answer } from './http-calls.js';

export interface SeenNode {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly state: string;
  readonly run: number | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly attempts: number;
  readonly input: unknown;
  readonly inputTruncated: boolean;
  readonly result: unknown;
  readonly resultTruncated: boolean;
  readonly error: SeenError | null;
  readonly tries: readonly { readonly error: SeenError; readonly count: number }[];
  readonly usage: Readonly<Record<string, number>> | null;
  readonly model: { readonly model: string; readonly finishReason: string | null; readonly prompt: unknown } | null;
  readonly child: { readonly taskId: string; readonly state: string; readonly trace: SeenTrace | null } | null;
  readonly nodes: readonly SeenNode[];
}

export interface SeenError {
  readonly name: string;
  readonly message: string;
  readonly stack: readonly { readonly function: string; readonly file: string; readonly own: boolean }[];
  readonly causes: readonly { readonly message: string }[];
}

export interface SeenTrace {
  readonly state: string;
  readonly attempt: number;
  readonly error: SeenError | null;
  readonly runs: readonly {
    readonly number: number;
    readonly attempt: number;
    readonly instance: string;
    readonly startedAt: string;
    readonly endedAt: string | null;
    readonly ending: string | null;
    readonly error: SeenError | null;
    readonly nodes: readonly SeenNode[];
  }[];
  readonly nextPageToken: string;
}

export async function readTrace(url: string, id: string, query = ''): Promise<SeenTrace> {
  const { status, body }: Answer = await call('GET', `${url}/tasks/${id}/trace${query}`);
  if (status !== 200) throw new Error(`no trace but ${status}: ${JSON.stringify(body)}`);
  return body as SeenTrace;
}

/** Each node as `kind name: state`, in order, two spaces in for each level; branches, which begin at once, by their names. */
export function outline({ runs }: Pick<SeenTrace, 'runs'>): readonly string[] {
  const lines = (nodes: readonly SeenNode[], indent: string): readonly string[] =>
    nodes
      .toSorted(byBranch)
      .flatMap(({ kind, name, state, nodes: below }) => [
        `${indent}${kind} ${name}: ${state}`,
        ...lines(below, `${indent}  `),
      ]);
  return runs.flatMap(({ number, ending, nodes }) => [`run ${number}: ${ending}`, ...lines(nodes, '  ')]);
}

function byBranch(one: SeenNode, other: SeenNode): number {
  return one.kind === 'branch' && other.kind === 'branch' ? one.name.localeCompare(other.name) : 0;
}

/** The first node of this name, wherever it is. */
export function nodeOf({ runs }: Pick<SeenTrace, 'runs'>, name: string): SeenNode {
  const all = (nodes: readonly SeenNode[]): readonly SeenNode[] => nodes.flatMap((node) => [node, ...all(node.nodes)]);
  const found = runs.flatMap(({ nodes }) => all(nodes)).find((node) => node.name === name);
  if (found === undefined) throw new Error(`no node ${name}`);
  return found;
}
