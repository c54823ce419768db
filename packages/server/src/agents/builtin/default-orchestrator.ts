/** The built-in orchestrator, whose card stands for the whole server. */
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { OrchestratorAgentBaseService } from '@continuo/agent/internal/agents/orchestrator-agent-base.service.js';

@A2AAgent({
  type: 'orchestrator',
  name: 'default',
  description: "Hands each message to the agent of this server that suits it best, and passes on that agent's answer.",
  skills: [
    {
      id: 'delegate',
      name: 'Delegate',
      description:
        'Chooses among the agents of this server by their cards; name one as type/name to choose it yourself.',
      tags: ['orchestrator', 'routing'],
      examples: ['Echo this sentence.', 'Ask context/assistant what a session is.'],
    },
  ],
})
export class DefaultOrchestrator extends OrchestratorAgentBaseService {}
