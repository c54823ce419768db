/** Types of check-conformance.mjs. */
export type Binding = 'JSONRPC' | 'HTTP+JSON' | 'GRPC';

/** How an agent behaves, as far as the requirements need to know. */
export type Behaviour =
  /** Ends with an artifact of text. */
  | 'answers'
  /** Works until it is cancelled. */
  | 'waits'
  /** Asks for input, and ends with an artifact when it has been answered. */
  | 'asks'
  /** The same, asking for authorization. */
  | 'authorizes'
  /** Ends with one artifact, in several chunks. */
  | 'chunks'
  | 'fails'
  | 'rejects'
  /** Answers with a Message, without a task. */
  | 'replies'
  /** Ends with an artifact of data for clients that accept `application/json`, otherwise of text. */
  | 'tailors'
  /** Has neither streaming nor push notifications on its card. */
  | 'silent'
  /** Has an extension on its card that is required. */
  | 'requires'
  /** Lets in who sends `headers`, as one caller, and who sends `stranger`, as another; its card is public. */
  | 'guards';

export interface Agent {
  /** The address of its card. */
  readonly card: string;
  /** What makes it behave so: a text, or the value of a data part. Default: `hello`. */
  readonly says?: unknown;
  /** Sent with each request, over gRPC as metadata. Default: the target's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Another caller's. */
  readonly stranger?: Readonly<Record<string, string>>;
}

export interface Target {
  /** The address of the card of an agent that answers. */
  readonly card: string;
  /** Of every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Those that behave in other ways; what needs one that isn't named is skipped, and says so. */
  readonly agents?: Readonly<Partial<Record<Behaviour, Partial<Agent>>>>;
  /** Default: all three. */
  readonly bindings?: readonly Binding[];
  /** `false`: the server can't call receivers on loopback. */
  readonly hooks?: boolean;
}

export interface Requirement {
  /** Of the specification: `3.1.1`. */
  readonly section: string;
  readonly level: 'MUST' | 'SHOULD' | 'MAY';
  readonly says: string;
}

export interface Result extends Requirement {
  readonly binding: Binding;
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** What went wrong, or why it was not tried. */
  readonly reason?: string;
}

export interface Report {
  readonly card: string;
  readonly results: readonly Result[];
}

export declare const requirements: readonly Requirement[];

/**
 * Tries every requirement of A2A 1.0.1 on a server, over each of its bindings.
 *
 * @example
 * ```js
 * const { results } = await checkConformance({ card: 'http://127.0.0.1:4000/.well-known/agent-card.json' });
 * for (const { outcome, section, binding, reason } of results) if (outcome === 'failed') console.log(section, binding, reason);
 * ```
 */
export declare function checkConformance(target: Target): Promise<Report>;
