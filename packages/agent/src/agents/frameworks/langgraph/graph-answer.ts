/** The artifact `answer` of a graph: while it works, what a model says in one of its nodes; in the end, the answer. */
import { ANSWER, streamedAnswerId } from '../../../tasks/answer-artifact.js';
import type { ArtifactStream, Say, TaskContext } from '../../task-context.js';
import type { fromHere } from '../from-here.js';
import type { NodeTask } from './graph-callbacks.js';

interface Parts {
  readonly task: Pick<TaskContext, 'id' | 'branch' | 'stream' | 'artifact'>;
  readonly here: ReturnType<typeof fromHere>;
  readonly isUnderWay: (node: string) => boolean;
}

interface Current {
  readonly message: string;
  readonly node: string;
  readonly stream: ArtifactStream;
  text: string;
}

/** It holds one message at a time: the next one takes its place. Of nodes side by side, one is heard. */
export class GraphAnswer {
  #current: Current | undefined;
  /** Messages whose beginning was not heard. */
  readonly #passedOver = new Set<string>();

  constructor(private readonly parts: Parts) {}

  /** A piece of a message. */
  async add(message: string, node: NodeTask, text: string): Promise<void> {
    if (text === '' || this.#passedOver.has(message)) return;
    if (this.#current?.message !== message) {
      if (this.#isBusy(node)) {
        this.#passedOver.add(message);
        return;
      }
      this.#current = { message, node: node.id, stream: await this.#begin(node), text: '' };
    }
    this.#current.text += text;
    await this.#current.stream.write(text);
  }

  async end(answer: Say): Promise<void> {
    const { task, here } = this.parts;
    if (this.#current?.text === answer) return this.#current.stream.end();
    await here(() => task.artifact({ artifactId: streamedAnswerId(task.id), name: ANSWER, parts: answer }));
  }

  #isBusy({ id }: NodeTask): boolean {
    const node = this.#current?.node;
    return node !== undefined && node !== id && this.parts.isUnderWay(node);
  }

  /** In a scope of the node's own: when it runs again after a crash, its text goes on where it was. */
  #begin({ name, id }: NodeTask): Promise<ArtifactStream> {
    const { task, here } = this.parts;
    const stream = async (): Promise<ArtifactStream> =>
      task.stream({ artifactId: streamedAnswerId(task.id), name: ANSWER });
    return here(() => task.branch(`${name} ${id}`, stream));
  }
}
