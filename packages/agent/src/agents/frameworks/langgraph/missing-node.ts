/** Whether a graph still has the nodes that a task is to go on with: it may have been changed since. */
import { isObject } from '../../../platform/json-object.js';
import type { Graph } from './graph.js';
import type { KeptGraph, KeptValue } from './kept-graph.js';

/** LangGraph's channels that say which node is next. */
const NEXT = 'branch:to:';
const SENT = '__pregel_tasks';

/** The name of one that is missing: LangGraph would end the graph there without a word. */
export async function missingNode(
  graph: Graph,
  kept: KeptGraph,
  given: (value: KeptValue) => Promise<unknown>,
): Promise<string | undefined> {
  for (const namespace of kept.namespaces) {
    const nodes = await nodesAt(graph, namespace);
    const next = nodes === undefined ? [] : await nextIn(kept, namespace, given);
    const missing = next.find((name) => !nodes?.has(name));
    if (missing !== undefined) return missing;
  }
  return undefined;
}

/** Of a graph that a node calls by itself nothing is known. */
async function nodesAt(graph: Graph, namespace: string): Promise<ReadonlySet<string> | undefined> {
  if (namespace === '') return new Set(Object.keys(graph.nodes));
  const path = namespace.replaceAll(/:[^|:]*(?=\||$)/g, '');
  for await (const [, inner] of graph.getSubgraphsAsync(path, true)) return new Set(Object.keys(inner.nodes));
  return undefined;
}

async function nextIn(
  kept: KeptGraph,
  namespace: string,
  given: (value: KeptValue) => Promise<unknown>,
): Promise<readonly string[]> {
  const found = kept.find(namespace);
  if (found === undefined) return [];
  const { channel_versions: versions } = (await given(found.checkpoint)) as {
    readonly channel_versions: Readonly<Record<string, unknown>>;
  };
  const current = [...found.channels].filter(([channel, { version }]) => versions[channel] === version);
  const named = current.flatMap(([channel]) => (channel.startsWith(NEXT) ? [channel.slice(NEXT.length)] : []));
  const sent = current.find(([channel]) => channel === SENT)?.[1];
  const sends: unknown = sent === undefined ? [] : await given(sent);
  const addressed = Array.isArray(sends)
    ? sends.map((send: unknown) => (isObject(send) ? send['node'] : undefined))
    : [];
  return [...named, ...addressed.filter((name) => typeof name === 'string')];
}
