/** A user interface that speaks AG-UI, by AG-UI's own client. */
import { HttpAgent, type HttpAgentConfig, type RunAgentParameters } from '@ag-ui/client';

export interface AgUiEvent {
  readonly type: string;
  readonly [name: string]: unknown;
}

export class AgUiChat {
  readonly agent: HttpAgent;

  constructor({ threadId = crypto.randomUUID(), ...config }: HttpAgentConfig) {
    this.agent = new HttpAgent({ ...config, threadId });
  }

  say(text: string, parameters: RunAgentParameters = {}): Promise<readonly AgUiEvent[]> {
    this.agent.addMessage({ id: crypto.randomUUID(), role: 'user', content: text });
    return this.run(parameters);
  }

  async run(parameters: RunAgentParameters = {}): Promise<readonly AgUiEvent[]> {
    const events: AgUiEvent[] = [];
    await this.agent.runAgent(parameters, { onEvent: ({ event }) => void events.push(event) });
    return events;
  }

  get texts(): readonly unknown[] {
    return this.agent.messages.filter(({ role }) => role !== 'activity').map(({ content }) => content);
  }

  get interruptId(): string {
    return this.agent.pendingInterrupts[0]?.id ?? '';
  }
}
