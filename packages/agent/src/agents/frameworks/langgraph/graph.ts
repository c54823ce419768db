/** A compiled graph, whatever its state is. */
import type { BaseChannel, Pregel, PregelNode } from '@langchain/langgraph';

export type Graph = Pregel<Record<string, PregelNode>, Record<string, BaseChannel>>;
