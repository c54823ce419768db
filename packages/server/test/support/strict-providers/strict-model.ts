/** Models whose provider is a strict one: to be asked, and for agents that ask it whatever Nest injects. */
import type { ContextAgentBaseService } from '@continuo/agent/internal/agents/context-agent-base.service.js';
import type { LanguageModel } from '@continuo/agent/internal/agents/models/language-model.js';
import { modelFromConfig } from '../../../src/agents/models/model-from-config.js';
import type { StrictProvider } from './strict-provider.js';

export function modelOf({ env }: Pick<StrictProvider, 'env'>): LanguageModel {
  return modelFromConfig({
    model: env.CONTINUO_MODEL,
    modelBaseUrl: env.CONTINUO_MODEL_BASE_URL,
    modelApiKey: env.CONTINUO_MODEL_API_KEY,
  });
}

/** For the agent's constructor. */
export function asksOnly(agent: ContextAgentBaseService, provider: StrictProvider): void {
  const model = modelOf(provider);
  Object.defineProperty(agent, 'model', { get: () => model, set() {} });
}
