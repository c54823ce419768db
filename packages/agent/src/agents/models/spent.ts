/** What calls of models take, in the name of the task whose run asks them, if there is one. */
import { currentRun } from '../run-scope.js';
import type { TokenUsage } from '../spending.js';
import { nameOfModel, type LanguageModel } from './language-model.js';
import { offlineModel } from './offline-model.js';

/** Resolves when a model may be asked; throws TerminalError when a budget is used up. */
export async function mayAsk(): Promise<void> {
  await currentRun()?.spending?.check();
}

/** The offline model takes nothing. */
export function noteSpent(model: Pick<LanguageModel, 'provider' | 'modelId'>, tokens: TokenUsage): void {
  if (model !== offlineModel) currentRun()?.spending?.spent(nameOfModel(model), tokens);
}
