/** What `useChat` of the AI SDK is without React. */
import { AbstractChat, type ChatState, type ChatStatus, type ChatTransport, type UIMessage } from 'ai';

class State implements ChatState<UIMessage> {
  status: ChatStatus = 'ready';
  error: Error | undefined;
  messages: UIMessage[] = [];
  readonly pushMessage = (message: UIMessage): void => void this.messages.push(message);
  readonly popMessage = (): void => void this.messages.pop();
  readonly replaceMessage = (index: number, message: UIMessage): void => void (this.messages[index] = message);
  readonly snapshot = <Value>(value: Value): Value => structuredClone(value);
}

export class AiSdkChat extends AbstractChat<UIMessage> {
  constructor(transport: ChatTransport<UIMessage>, id: string = crypto.randomUUID()) {
    super({ id, transport, state: new State() });
  }

  /** Of each message, its texts. */
  get texts(): readonly string[] {
    return this.messages.map(({ parts }) => parts.map((part) => (part.type === 'text' ? part.text : '')).join('|'));
  }
}
