/** What a task of the remote agent publishes, in the form that the official SDK takes. */
import { Role, type Artifact, type Message, type Part, type TaskState } from '@a2a-js/sdk';
import { TaskState as States } from '@a2a-js/sdk';
import { AgentEvent, type ExecutionEventBus } from '@a2a-js/sdk/server';

const unset = { metadata: undefined, filename: '', mediaType: '' };

/** Text, bytes, a value, or nothing that A2A 1.0 knows. */
type Content = string | Uint8Array | object | undefined;

function toPart(content: Content): Part {
  if (content === undefined) return { content: undefined, ...unset };
  if (typeof content === 'string') return { content: { $case: 'text', value: content }, ...unset };
  if (content instanceof Uint8Array) return { content: { $case: 'raw', value: Buffer.from(content) }, ...unset };
  return { content: { $case: 'data', value: content }, ...unset };
}

export class RemoteTask {
  constructor(
    readonly id: string,
    private readonly contextId: string,
    private readonly bus: ExecutionEventBus,
  ) {}

  open(): void {
    const { id, contextId } = this;
    const status = { state: States.TASK_STATE_WORKING, message: undefined, timestamp: undefined };
    this.bus.publish(AgentEvent.task({ id, contextId, status, artifacts: [], history: [], metadata: undefined }));
  }

  /** An answer without a task. */
  message(text: string): void {
    this.bus.publish(AgentEvent.message({ ...this.#says(text), taskId: '' }));
  }

  status(state: TaskState, text?: string): void {
    const { id: taskId, contextId } = this;
    const message = text === undefined ? undefined : this.#says(text);
    const status = { state, message, timestamp: undefined };
    this.bus.publish(AgentEvent.statusUpdate({ taskId, contextId, status, metadata: undefined }));
  }

  chunk(
    artifactId: string,
    contents: readonly Content[],
    { append, lastChunk = false }: { readonly append: boolean; readonly lastChunk?: boolean },
  ): void {
    const { id: taskId, contextId } = this;
    const parts = contents.map(toPart);
    const described = { name: artifactId, description: '', metadata: undefined, extensions: [] };
    const artifact: Artifact = { artifactId, parts, ...described };
    this.bus.publish(
      AgentEvent.artifactUpdate({ taskId, contextId, artifact, append, lastChunk, metadata: undefined }),
    );
  }

  #says(text: string): Message {
    return {
      messageId: `${this.id}:${text}`,
      contextId: this.contextId,
      taskId: this.id,
      role: Role.ROLE_AGENT,
      parts: [toPart(text)],
      metadata: undefined,
      extensions: [],
      referenceTaskIds: [],
    };
  }
}
