/** What calls of models take, in the name of the task whose run asks them, if there is one. */
import { currentRun } from '../run-scope.js';
import type { AboutCall, TokenUsage } from '../spending.js';
import { nameOfModel, type LanguageModel } from './language-model.js';
import { offlineModel } from './offline-model.js';
import { countsIn } from './token-counts.js';

/** Resolves when a model may be asked, with the time then; throws TerminalError when a budget is used up. */
export async function mayAsk(): Promise<string | undefined> {
  return currentRun()?.spending?.check();
}

/** The offline model takes nothing. */
export function noteSpent(
  model: Pick<LanguageModel, 'provider' | 'modelId'>,
  tokens: TokenUsage,
  about?: AboutCall,
): void {
  if (model !== offlineModel) currentRun()?.spending?.spent(nameOfModel(model), countsIn(tokens), about);
}
