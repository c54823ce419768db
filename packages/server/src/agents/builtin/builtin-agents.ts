/** The agents that the stand-alone server has without being told of any. */
import { AssistantAgent } from './assistant-agent.js';
import { CountdownAgent } from './countdown-agent.js';
import { DefaultOrchestrator } from './default-orchestrator.js';
import { EchoAgent } from './echo-agent.js';
import { TitleWriter } from '../titles/title-writer.js';

export const builtinAgents = [EchoAgent, CountdownAgent, AssistantAgent, DefaultOrchestrator, TitleWriter] as const;
