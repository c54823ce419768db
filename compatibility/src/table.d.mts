/** Types of table.mjs. */
export type Scenario = 'card' | 'send' | 'stream' | 'answer' | 'cancel' | 'resubscribe' | 'push' | 'errors';

/** What the clients are handed: the addresses of agents, and a receiver of push notifications. */
export interface World {
  readonly echo: string;
  readonly countdown: string;
  readonly asking: string;
  readonly streaming: string;
  readonly failing: string;
  /** Where no agent is. */
  readonly broken: string;
  readonly hook: { readonly url: string; readonly heardOf: (taskId: string) => Promise<unknown> };
}

/** A client or a server of another maker; what it doesn't offer, it has no scenario for. */
export interface Party<Name extends string = Scenario> {
  readonly name: string;
  readonly scenarios: Readonly<Partial<Record<Name, (world: World) => Promise<unknown>>>>;
}

/** By name of the party: what went wrong in which scenario. */
export type Failures = ReadonlyMap<string, Readonly<Partial<Record<string, string>>>>;

/** A table. */
export interface Kind {
  readonly heading: string;
  /** What is tried with each of its parties. */
  readonly columns: readonly string[];
  /** What is to be known of it: a paragraph below it. */
  readonly says?: string;
  readonly parties: readonly Party<string>[];
}

export declare const scenarios: readonly Scenario[];
export declare function tableOf(kinds: readonly Kind[], failures: Failures): string;
/** The failures that nobody has explained yet, one a line; and explained ones that are none. */
export declare function unexplained(kinds: readonly Kind[], failures: Failures): readonly string[];
/** Clients that need Node.js 22, and which scenarios work for each. */
export declare const newer: Readonly<Record<string, readonly Scenario[]>>;
