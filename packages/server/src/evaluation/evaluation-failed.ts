/** The evaluation itself failed: nothing is known of the agents. */
export class EvaluationFailedError extends Error {
  override readonly name = 'EvaluationFailedError';
}
