/** Parts of messages and artifacts as MCP's blocks of content: texts, pictures, sound, files, and links to what lies elsewhere. */
import type { Part } from '@continuo/agent/internal/sessions/message.js';
import type { Artifact } from '@continuo/agent/internal/tasks/task.js';
import { webUrl } from '../../platform/web-url.js';
import { wholeUrl } from '../file-address.js';

export type ContentBlock = { readonly type: string } & Readonly<Record<string, unknown>>;

export interface ContentOf {
  readonly taskId: string;
  /** Where clients reach this server. */
  readonly baseUrl: string;
}

function artifactUri(taskId: string, artifactId: string): string {
  return `continuo://tasks/${taskId}/artifacts/${encodeURIComponent(artifactId)}`;
}

export function linkTo(taskId: string, { artifactId, name, description, parts }: Artifact): ContentBlock {
  const mimeType = parts.find(({ mediaType }) => mediaType !== undefined)?.mediaType;
  return {
    type: 'resource_link',
    uri: artifactUri(taskId, artifactId),
    name: name ?? artifactId,
    ...(description === undefined ? {} : { description }),
    ...(mimeType === undefined ? {} : { mimeType }),
  };
}

export function toContent(parts: readonly Part[], of: ContentOf): readonly ContentBlock[] {
  return parts.map((part, index) => toBlock(part, index, of));
}

function toBlock(
  { text, raw, url, data, mediaType, filename }: Part,
  index: number,
  { taskId, baseUrl }: ContentOf,
): ContentBlock {
  if (text !== undefined) return { type: 'text', text };
  const typed = mediaType === undefined ? {} : { mimeType: mediaType };
  if (url !== undefined) {
    const uri = wholeUrl(url, baseUrl);
    // What is not on the web is told, and no link.
    if (webUrl(uri) === undefined) return { type: 'text', text: filename === undefined ? uri : `${filename}: ${uri}` };
    return { type: 'resource_link', uri, name: filename ?? uri, ...typed };
  }
  if (raw === undefined) return { type: 'text', text: JSON.stringify(data) ?? 'null' };
  const kind = /^(image|audio)\//.exec(mediaType ?? '')?.[1];
  if (kind !== undefined) return { type: kind, data: raw, ...typed };
  const uri = `continuo://tasks/${taskId}/files/${encodeURIComponent(filename ?? String(index))}`;
  return { type: 'resource', resource: { uri, blob: raw, ...typed } };
}
