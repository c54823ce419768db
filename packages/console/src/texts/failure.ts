/** What the console says of failures. */
import { isolated, number } from '../formats.js';
import { inLanguage } from '../language.js';
const english = {
  step: (name: string, times: number, took: string | undefined) =>
    [
      name,
      'failed',
      times === 1 ? '' : times === 2 ? 'twice' : `${times} times`,
      took === undefined ? '' : `in ${took}`,
    ]
      .filter((part) => part !== '')
      .join(' '),
  causedBy: 'Caused by',
  inTrace: 'Show in trace',
  more: (attempts: number): string => (attempts > 1 ? 'Attempts and stack' : 'Stack'),
  topTitle: 'Top errors',
  topNone: 'No failures in this period',
  count: 'Count',
  times: (n: number) => `${number(n)}×`,
  recentTitle: 'Recently failed',
  allFailed: 'All failed tasks',
  inStep: (step: string) => `in “${isolated(step)}”`,
};

export type FailureTexts = typeof english;

export const failureTexts = await inLanguage(english, { de: () => import('./german/failure.js') });
