/** What MCP servers give beside JSON (texts, pictures, sound, files, links), as the parts of a message. */
import {
  ContentBlockSchema,
  type BlobResourceContents,
  type TextResourceContents,
} from '@modelcontextprotocol/sdk/types.js';
import { isObject } from '@continuo/agent/internal/platform/json-object.js';
import type { Part } from '@continuo/agent/internal/sessions/message.js';

/** One that can't be read costs that part alone. */
export function toParts(content: readonly unknown[]): readonly Part[] {
  return content.map((block) => {
    const { data } = ContentBlockSchema.safeParse(block);
    if (data === undefined) return { text: `[${kindOf(block)} that can't be read]` };
    if (data.type === 'text') return { text: data.text };
    if (data.type === 'resource') return toPart(data.resource);
    if (data.type !== 'resource_link') return { raw: data.data, mediaType: data.mimeType };
    return { url: data.uri, filename: data.title ?? data.name, ...mediaTypeOf(data) };
  });
}

function toPart(resource: TextResourceContents | BlobResourceContents): Part {
  const { uri } = resource;
  if ('text' in resource) return { text: resource.text };
  return { raw: resource.blob, filename: uri.slice(uri.lastIndexOf('/') + 1) || uri, ...mediaTypeOf(resource) };
}

function mediaTypeOf({ mimeType }: { readonly mimeType?: string | undefined }): Pick<Part, 'mediaType'> {
  return mimeType === undefined ? {} : { mediaType: mimeType };
}

function kindOf(block: unknown): string {
  const type = isObject(block) ? block['type'] : undefined;
  return typeof type === 'string' ? type : 'content';
}
