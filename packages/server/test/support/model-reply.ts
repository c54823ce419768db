/** What a local server that stands for a model does with one request. */

export type Reply =
  /** Streams the words, each in a chunk of its own. */
  | {
      readonly kind: 'answer';
      readonly words: readonly string[];
      readonly finishReason?: string;
      /** What it thinks before. */
      readonly thoughts?: readonly string[];
    }
  /** Wants tools to be run, after the words. */
  | {
      readonly kind: 'calls';
      /** `id`: by default those of each answer are numbered from 0. */
      readonly calls: readonly { readonly name: string; readonly input: unknown; readonly id?: string }[];
      readonly words?: readonly string[];
      readonly thoughts?: readonly string[];
    }
  /** Refuses with the error body of its protocol. */
  | {
      readonly kind: 'refusal';
      readonly status: number;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Sends this as it is. */
  | { readonly kind: 'raw'; readonly status: number; readonly contentType: string; readonly body: string }
  /** Streams the words and cuts the connection. */
  | { readonly kind: 'cut'; readonly words: readonly string[] }
  /** Streams the words and then nothing more, without an end. */
  | { readonly kind: 'stall'; readonly words: readonly string[] };
