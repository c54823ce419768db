/** Texts as vectors, by the embedding model that the configuration names: what is alike in meaning is near. */

/** What Nest injects: `Embeddings`, or undefined where no embedding model is configured. */
export const EMBEDDINGS = Symbol('continuo:embeddings');

/** The vectors of some texts, and what they cost. */
export interface Embedded {
  /** One vector for each text, in their order, all of the same length. */
  readonly vectors: readonly (readonly number[])[];
  /** As far as the provider counts them. */
  readonly tokens: number | undefined;
}

/** The embedding model of the server (CONTINUO_EMBEDDING_MODEL); inject it with `EMBEDDINGS`. */
export interface Embeddings {
  /** `provider/model id`: vectors of different models can't be compared. */
  readonly model: string;
  /**
   * As many texts as the provider takes at once go in one request. No texts cost nothing. Throws ModelUnavailableError
   * when trying again may help, TerminalError when it can't, and the signal's reason.
   *
   * @example
   * const { vectors } = await embeddings.embed(['I live in Rome.', 'Where do I live?'], signal);
   */
  readonly embed: (texts: readonly string[], signal?: AbortSignal) => Promise<Embedded>;
}
