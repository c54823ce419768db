/** Sessions, and what agents have made, as resources of MCP. */
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';
import { parse } from '@continuo/agent/internal/platform/parse.js';
import { principalOf } from '../../auth/principal.js';
import { addressOf } from '../../platform/host-header.js';
import { contentPath } from '../../tasks/content-path.js';
import { anyCaller, taskFor } from '../named-agent.js';
import type { McpCall } from './call.js';
import { INVALID_PARAMS, refusal, RESOURCE_NOT_FOUND } from './errors.js';

const PAGE = 50;
const MESSAGES = 100;
const JSON_TYPE = 'application/json';

const pageSchema = z.object({ cursor: z.string().default('') });
const uriSchema = z.object({ uri: z.string() });
const notThere: readonly string[] = ['SESSION_NOT_FOUND', 'TASK_NOT_FOUND', 'ARTIFACT_NOT_FOUND'];

/** The caller's sessions, latest first; none for a key that is for some agents alone. */
export async function listResources({ request, params, parts: { sessions } }: McpCall) {
  const caller = anyCaller(request, 'read');
  const { cursor: token } = parse(pageSchema, params ?? {}, 'params');
  if (sessions === undefined || principalOf(request).agents !== undefined) return { resources: [] };
  const page = await sessions.list(caller, { size: PAGE, token });
  const resources = page.sessions.map(({ id, title, updatedAt }) => ({
    uri: `continuo://sessions/${encodeURIComponent(id)}`,
    name: title ?? id,
    mimeType: JSON_TYPE,
    annotations: { lastModified: updatedAt },
  }));
  return { resources, ...(page.nextPageToken === '' ? {} : { nextCursor: page.nextPageToken }) };
}

export function listTemplates() {
  return {
    resourceTemplates: [
      {
        uriTemplate: 'continuo://sessions/{sessionId}{?pageToken}',
        name: 'session',
        title: 'Session',
        description: 'What was said in a session, the latest first: { session, messages, nextPageToken }.',
        mimeType: JSON_TYPE,
      },
      {
        uriTemplate: 'continuo://tasks/{taskId}/artifacts/{artifactId}',
        name: 'artifact',
        title: 'Artifact',
        description: 'What an agent has made in a task.',
      },
    ],
  };
}

/** Throws -32002 for what is not there, or isn't the caller's. */
export async function readResource(call: McpCall) {
  const { uri } = parse(uriSchema, call.params ?? {}, 'params');
  try {
    return { contents: [{ uri, ...(await contentOf(call, uri)) }] };
  } catch (error) {
    if (error instanceof ContinuoError && notThere.includes(error.code)) throw notFound(uri);
    throw error;
  }
}

async function contentOf(call: McpCall, uri: string) {
  if (!uri.startsWith('continuo://') || !URL.canParse(uri)) throw notFound(uri);
  const { host, pathname, searchParams } = new URL(uri);
  const [first = '', artifacts, artifactId, ...more] = pathname.slice(1).split('/').map(decoded);
  if (host === 'sessions' && artifacts === undefined) {
    return sessionContent(call, first, searchParams.get('pageToken') ?? '');
  }
  if (host !== 'tasks' || artifacts !== 'artifacts' || artifactId === undefined || more.length > 0) throw notFound(uri);
  return artifactContent(call, first, artifactId);
}

async function sessionContent({ request, parts: { sessions } }: McpCall, id: string, token: string) {
  const caller = anyCaller(request, 'read');
  if (sessions === undefined || principalOf(request).agents !== undefined) {
    throw new ContinuoError('SESSION_NOT_FOUND', `Session ${id} was not found.`);
  }
  const session = await sessions.get(caller, id);
  const page = await sessions.messages(caller, id, { size: MESSAGES, token, order: 'desc' });
  return { mimeType: JSON_TYPE, text: JSON.stringify({ session, ...page }) };
}

async function artifactContent({ request, parts: { tasks, config } }: McpCall, taskId: string, artifactId: string) {
  const { caller } = await taskFor(request, 'read', { tasks, id: taskId });
  const content = await tasks.content(caller, { taskId, artifactId, part: undefined });
  if (content.bytes > config.answerBytes) {
    const address = `${config.publicUrl ?? addressOf(request)}${contentPath(taskId, artifactId)}`;
    throw refusal(INVALID_PARAMS, 'PAYLOAD_TOO_LARGE', `It has ${content.bytes} bytes; read it at ${address}.`);
  }
  const bytes = content.bytes === 0 ? Buffer.alloc(0) : await buffer(content.read(0, content.bytes - 1));
  const { mediaType } = content;
  const typed = mediaType === undefined ? {} : { mimeType: mediaType };
  const isText = mediaType !== undefined && /^text\/|[/+]json\b/.test(mediaType);
  return isText ? { ...typed, text: bytes.toString('utf8') } : { ...typed, blob: bytes.toString('base64') };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function notFound(uri: string): ContinuoError {
  return refusal(RESOURCE_NOT_FOUND, 'ARTIFACT_NOT_FOUND', `There is no resource ${uri}.`);
}
