/** What the console says of failures. */
export const failureTexts = {
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
  more: (attempts: number) => (attempts > 1 ? 'Attempts and stack' : 'Stack'),
  topTitle: 'Top errors',
  topNone: 'No failures in this period',
  count: 'Count',
  times: (n: number) => `${n.toLocaleString('en')}×`,
  recentTitle: 'Recently failed',
  allFailed: 'All failed tasks',
  inStep: (step: string) => `in “${step}”`,
};
