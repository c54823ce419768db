/** `function/echo`: gives back what it was given. */
import { z } from 'zod';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { FunctionAgentBaseService } from '@continuo/agent/internal/agents/function-agent-base.service.js';

@A2AAgent({
  type: 'function',
  name: 'echo',
  description: 'Gives back the message it was sent.',
  skills: [
    {
      id: 'echo',
      name: 'Echo',
      description: 'Repeats text or data unchanged.',
      tags: ['test'],
      examples: ['Hello, is anybody there?'],
    },
  ],
})
export class EchoAgent extends FunctionAgentBaseService<unknown, unknown> {
  protected override readonly input = z.unknown();
  protected override readonly output = z.unknown();

  protected override run(input: unknown): unknown {
    return input;
  }
}
