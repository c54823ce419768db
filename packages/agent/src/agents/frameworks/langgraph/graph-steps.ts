/** The nodes of a graph as steps of its task: what one wrote is kept with all that the graph has kept since the step before. */
import { AsyncResource } from 'node:async_hooks';
import { TerminalError } from '../../../platform/errors.js';
import type { TaskContext } from '../../task-context.js';
import { INTERRUPT, type KeptGraph, type KeptRecord } from './kept-graph.js';

interface OpenNode {
  /** Resolves when its work may begin. */
  readonly begun: Promise<void>;
  /** Resolves when it is recorded. */
  readonly recorded: Promise<unknown>;
  readonly finish: (records: readonly KeptRecord[]) => void;
  readonly fail: (reason: Error) => void;
  /** Inside of its step. */
  scope: AsyncResource | undefined;
}

/**
 * Between two nodes a graph may keep several things in one moment: what a node wrote, and the checkpoint that follows. They
 * are recorded as one. What no node has finished with is recorded with the next one that does: without it, the graph would
 * come to the same.
 */
export class GraphSteps {
  readonly #open = new Map<string, OpenNode>();
  #waiting: { readonly record: KeptRecord; readonly node: OpenNode | undefined }[] = [];
  #isFlushing = false;

  constructor(
    private readonly graph: KeptGraph,
    private readonly steps: Pick<TaskContext, 'step'>,
  ) {}

  /** A node begins, or begins again after a failure that LangGraph retries. Resolves when it may. */
  async begin(task: string, name: string): Promise<void> {
    const known = this.#open.get(task);
    if (known !== undefined) return known.begun;
    const node = this.#begin(name);
    this.#open.set(task, node);
    return node.begun;
  }

  /** Whether the node has begun, and neither finished nor failed. */
  isUnderWay(task: string): boolean {
    return this.#open.has(task);
  }

  /** Does `work` inside of the node's step, where there is one. */
  within<Result>(task: string | undefined, work: () => Result): Result {
    const scope = task === undefined ? undefined : this.#open.get(task)?.scope;
    return scope === undefined ? work() : scope.runInAsyncScope(work);
  }

  /** Resolves when it is recorded, if a node has finished with it. */
  async keep(record: KeptRecord): Promise<void> {
    this.graph.apply(record);
    const node = this.#finished(record);
    this.#waiting.push({ record, node });
    if (node === undefined) return;
    if (!this.#isFlushing) {
      this.#isFlushing = true;
      // The checkpoint that follows is kept in the same moment.
      setImmediate(() => this.#flush());
    }
    await node.recorded;
  }

  /** The node has failed for good. Resolves when that is recorded. */
  async failed(task: string, message: string): Promise<void> {
    const node = this.#open.get(task);
    this.#open.delete(task);
    node?.fail(new TerminalError(message));
    await node?.recorded.catch((error: unknown) => {
      if (!(error instanceof TerminalError)) throw error;
    });
  }

  /** The node that has finished with the record. In a graph within a node, one that asks goes on with the node around it. */
  #finished(record: KeptRecord): OpenNode | undefined {
    if (record.kind !== 'writes') return undefined;
    const { task, namespace, writes } = record;
    if (namespace !== '' && writes.some(([channel]) => channel === INTERRUPT)) return undefined;
    const node = this.#open.get(task);
    this.#open.delete(task);
    return node;
  }

  #begin(name: string): OpenNode {
    const records = later<readonly KeptRecord[]>();
    const begun = later<void>();
    const node: { scope: AsyncResource | undefined } = { scope: undefined };
    const work = (): Promise<readonly KeptRecord[]> => {
      node.scope = new AsyncResource('continuo:node');
      begun.resolve();
      return records.promise;
    };
    // Trying again is LangGraph's, by the node's retryPolicy.
    const recorded = this.steps.step(name, work, { maxAttempts: 1 });
    recorded.catch(begun.reject);
    return Object.assign(node, { begun: begun.promise, recorded, finish: records.resolve, fail: records.reject });
  }

  /** Each node that has finished in this moment with what was kept before; the last one also with what came behind. */
  #flush(): void {
    this.#isFlushing = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    const last = waiting.findLast(({ node }) => node !== undefined)?.node;
    let records: KeptRecord[] = [];
    for (const { record, node } of waiting) {
      records.push(record);
      if (node === undefined || node === last) continue;
      node.finish(records);
      records = [];
    }
    last?.finish(records);
  }
}

interface Later<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
  readonly reject: (reason: Error) => void;
}

/** Nobody has to wait for it. */
function later<Value>(): Later<Value> {
  let settle: Omit<Later<Value>, 'promise'> | undefined;
  const promise = new Promise<Value>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => undefined);
  return { promise, resolve: (value) => settle?.resolve(value), reject: (reason) => settle?.reject(reason) };
}
