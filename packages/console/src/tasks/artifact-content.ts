/** The content of an artifact that came without it: how large it is, and how it reaches the disk. */
import { server } from '../api/client.js';
import { apiAddress } from '../api/place.js';
import type { Artifact } from '@continuo/client';
import { CONTENT_EXTENSION } from '@continuo/client/extensions';
import { fieldsIn } from '@continuo/client/facts';

export interface ContentElsewhere {
  /** About its bytes; 0 when nobody says. */
  readonly bytes: number;
  /** Undefined where it is kept no more: a version that was replaced. */
  readonly address: string | undefined;
}

/** Agents may say anything in metadata: only a path of an artifact is one. */
const PATH = /^\/tasks\/[\w-]+\/artifacts\/[^/?#]+$/;

/** Where the content of an artifact is, among the paths of the API. */
export function artifactPath(taskId: string, artifactId: string): string {
  return `/tasks/${taskId}/artifacts/${encodeURIComponent(artifactId)}`;
}

/** Undefined for an artifact that has come with its content. */
export function contentElsewhere({ parts, metadata }: Artifact): ContentElsewhere | undefined {
  const content = parts.length === 0 ? fieldsIn(metadata, CONTENT_EXTENSION) : undefined;
  if (content === undefined) return undefined;
  const { uri, bytes } = content;
  return {
    bytes: typeof bytes === 'number' ? bytes : 0,
    address: typeof uri === 'string' && PATH.test(uri) ? apiAddress(uri) : undefined,
  };
}

/** Throws ContinuoApiError. */
export async function fetchContent(address: string): Promise<Blob> {
  return (await server.fetch(address)).blob();
}
