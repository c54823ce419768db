/** The address of what is too large for an answer. */

/** Where an artifact's content is, below the address of the server. */
export function contentPath(taskId: string, artifactId: string): string {
  return `/tasks/${taskId}/artifacts/${encodeURIComponent(artifactId)}`;
}
