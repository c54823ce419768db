/** What keeps a project from being made, in words for whoever wants one. */
export class CreateFailedError extends Error {
  override readonly name = 'CreateFailedError';
}
