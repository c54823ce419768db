/** What the API answers, as schemas that carry names: the compiler holds them against the types that the code uses. */
import { z } from 'zod';
import type { Message, Part } from '@continuo/agent/internal/sessions/message.js';
import { taskStates, toWireState, type TaskState } from '@continuo/agent/internal/tasks/task-state.js';
import type { Artifact, Task } from '@continuo/agent/internal/tasks/task.js';
import {
  accesses,
  type MessagePage,
  type Session,
  type SessionMessage,
  type SessionPage,
  type SessionShare,
  type SessionState,
} from '../../sessions/session.js';
import type { UsageReport } from '../../runs/usage/read-usage.js';
import type { Statistics } from '../statistics.controller.js';
import type { TaskCounts } from '../../tasks/count-by-state.js';
import type { TaskList } from '../../tasks/task-list.js';

/** The schemas that the document has names for. */
export const named = z.registry<{ readonly id: string }>();

export function name<Schema extends z.ZodType>(id: string, schema: Schema): Schema {
  named.add(schema, { id });
  return schema;
}

/** ISO 8601. */
export const moment = z.string().meta({ format: 'date-time' });
const day = z.string().meta({ format: 'date' });
const metadata = z.record(z.string(), z.unknown()).optional();
const list = z.array(z.string());

const partShape: z.ZodType<Part> = name(
  'Part',
  z.object({
    text: z.string().optional(),
    raw: z.string().optional().describe('Base64.'),
    url: z.string().optional(),
    data: z.unknown().optional(),
    metadata,
    filename: z.string().optional(),
    mediaType: z.string().optional(),
  }),
);

const messageShape: z.ZodType<Message> = name(
  'Message',
  z.object({
    messageId: z.string(),
    contextId: z.string().optional(),
    taskId: z.string().optional(),
    role: z.enum(['ROLE_USER', 'ROLE_AGENT']),
    parts: z.array(partShape),
    metadata,
    extensions: list.optional(),
    referenceTaskIds: list.optional(),
  }),
);

const artifactShape: z.ZodType<Artifact> = name(
  'Artifact',
  z.object({
    artifactId: z.string(),
    name: z.string().optional(),
    description: z.string().optional(),
    parts: z.array(partShape),
    metadata,
    extensions: list.optional(),
  }),
);

const statusShape = name(
  'TaskStatus',
  z.object({
    state: z.enum(taskStates.map(toWireState)),
    message: messageShape.optional(),
    timestamp: moment,
  }),
);

/** What the server says of a task beside A2A's fields, and what the call said: each extension under its URN. */
const taskMetadataShape = name(
  'TaskMetadata',
  z.looseObject({
    agent: z.string().optional().describe('`type/name`.'),
    agentVersion: z
      .string()
      .optional()
      .describe('The version of the agent that ran it last; not there before its first run.'),
  }),
);

export const taskShape: z.ZodType<Task> = name(
  'Task',
  z.object({
    id: z.string(),
    contextId: z.string(),
    status: statusShape,
    artifacts: z.array(artifactShape).optional(),
    history: z.array(messageShape).optional(),
    metadata: taskMetadataShape.optional(),
  }),
);

export const taskListShape: z.ZodType<TaskList> = name(
  'TaskList',
  z.object({
    tasks: z.array(taskShape),
    nextPageToken: z.string().describe('Empty on the last page.'),
    pageSize: z.int(),
    totalSize: z.int().describe('Exact up to 2,000; above, an estimate.'),
  }),
);

export const taskCountsShape: z.ZodType<TaskCounts> = name(
  'TaskCounts',
  z.object({
    states: z.object(Object.fromEntries(taskStates.map((state) => [state, z.int()])) as Record<TaskState, z.ZodInt>),
    held: z.int().describe('Of those that work: held until fitting code takes them up.'),
  }),
);

const tasksNow = {
  queued: z.int(),
  running: z.int(),
  held: z.int().describe('Of those running: held until fitting code takes them up.'),
  waiting: z.int().describe('For a person.'),
};
const taskFigures = {
  begun: z.int(),
  completed: z.int(),
  failed: z.int().describe('Or rejected by their agent.'),
  canceled: z.int(),
  medianMs: z.int().nullable().describe('From creation to end, of those that ended.'),
  p95Ms: z.int().nullable(),
  tokens: z.int().describe('Of language models, input and output.'),
  cost: z.number().describe('US dollars for language models, as far as prices are known.'),
};

export const taskStatisticsShape: z.ZodType<Statistics> = name(
  'TaskStatistics',
  z.object({
    from: moment,
    to: moment,
    bucketSeconds: z.int(),
    truncated: z.boolean().describe('Only the newest of very many tasks were looked at; `from` says since when.'),
    now: z.object(tasksNow),
    total: z.object(taskFigures),
    buckets: z.array(z.object({ start: moment, ...taskFigures })),
    agents: z.array(z.object({ agent: z.string(), ...tasksNow, ...taskFigures })),
  }),
);

const usage = {
  calls: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  totalTokens: z.int(),
  cachedInputTokens: z.int().optional().describe('Of the input, what the provider had from an earlier call.'),
  cacheWriteTokens: z.int().optional().describe('Of the input, what the provider keeps for later calls.'),
  reasoningTokens: z.int().optional().describe('Of the output, what nobody is shown as the answer.'),
  cost: z.number().optional().describe('US dollars, as far as prices are known.'),
  unpricedCalls: z.int().optional().describe('Calls of models that no price is known of.'),
  estimatedCalls: z.int().optional().describe('Calls that broke off, whose tokens are estimated.'),
};
/** Tokens and cost of calls of language models. */
export const usageShape = z.object(usage);
const groupedBy = z.string().nullable().optional();

export const usageReportShape: z.ZodType<UsageReport> = name(
  'UsageReport',
  z.object({
    from: day.describe('A day, in UTC.'),
    to: day,
    total: usageShape,
    groups: z
      .array(
        z.object({
          day: groupedBy,
          agent: groupedBy,
          session: groupedBy,
          task: groupedBy,
          model: groupedBy,
          owner: groupedBy,
          ...usage,
        }),
      )
      .describe(
        'With what they were asked to be put together by; the newest day first, then what took the most tokens.',
      ),
    truncated: z.boolean().describe('There are more than a thousand groups.'),
  }),
);

/** One frame of an event stream: exactly one of the three. */
export const streamResponseShape = name(
  'StreamResponse',
  z.object({
    task: taskShape.optional(),
    statusUpdate: z.object({ taskId: z.string(), contextId: z.string(), status: statusShape, metadata }).optional(),
    artifactUpdate: z
      .object({
        taskId: z.string(),
        contextId: z.string(),
        artifact: artifactShape,
        append: z.boolean(),
        lastChunk: z.boolean(),
      })
      .optional(),
  }),
);

export const sessionShape: z.ZodType<Session> = name(
  'Session',
  z.object({
    id: z.string(),
    title: z.string().nullable(),
    metadata,
    messageCount: z.int(),
    createdAt: moment,
    updatedAt: moment,
    owner: z.string().optional().describe('Whose it is: of one that somebody else shares.'),
    access: z.enum(accesses).optional().describe('What the caller may do in it.'),
  }),
);

export const shareShape: z.ZodType<SessionShare> = name(
  'SessionShare',
  z.object({ owner: z.string(), access: z.enum(accesses), createdAt: moment }),
);

export const shareListShape = name('SessionShareList', z.object({ shares: z.array(shareShape) }));

export const sessionPageShape: z.ZodType<SessionPage> = name(
  'SessionPage',
  z.object({ sessions: z.array(sessionShape), nextPageToken: z.string() }),
);

export const sessionStateShape: z.ZodType<SessionState> = name('SessionState', z.record(z.string(), z.unknown()));

const sessionMessageShape: z.ZodType<SessionMessage> = name(
  'SessionMessage',
  z.object({
    seq: z.int(),
    message: messageShape,
    taskId: z.string().optional(),
    agent: z.string().optional(),
    createdAt: moment,
  }),
);

export const messagePageShape: z.ZodType<MessagePage> = name(
  'MessagePage',
  z.object({ messages: z.array(sessionMessageShape), nextPageToken: z.string() }),
);

/** Streamed; its members are described in docs/operations.md. */
export const sessionExportShape = name('SessionExport', z.looseObject({ session: sessionShape }));

const skillShape = name(
  'AgentSkill',
  z.object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    tags: list,
    examples: list.optional(),
  }),
);

const cardShape = name(
  'AgentCard',
  z.looseObject({
    name: z.string(),
    description: z.string(),
    version: z.string(),
    supportedInterfaces: z.array(
      z.object({ url: z.string(), protocolBinding: z.string(), protocolVersion: z.string() }),
    ),
    capabilities: z.looseObject({
      streaming: z.boolean().optional(),
      pushNotifications: z.boolean().optional(),
      extensions: z.array(z.looseObject({ uri: z.string(), description: z.string().optional() })).optional(),
    }),
    defaultInputModes: list,
    defaultOutputModes: list,
    skills: z.array(skillShape),
  }),
);

export const agentListShape = name(
  'AgentList',
  z.object({
    agents: z.array(
      name(
        'Agent',
        z.object({
          type: z.string(),
          name: z.string(),
          internal: z.boolean().describe('It is there for other agents: an orchestrator chooses it by its name only.'),
          card: cardShape,
        }),
      ),
    ),
  }),
);

const violation = z.object({ field: z.string(), description: z.string() });

/** `google.rpc.Status`. */
export const errorShape = name(
  'Error',
  z.object({
    error: z.object({
      code: z.int().describe('The status of the response.'),
      status: z.string().describe('The name of the google.rpc.Code.'),
      message: z.string().describe('For people.'),
      details: z
        .array(
          z.looseObject({
            '@type': z.string(),
            reason: z.string().optional().describe('A stable code, of google.rpc.ErrorInfo: `TASK_NOT_FOUND`.'),
            domain: z.string().optional(),
            metadata: z
              .record(z.string(), z.string())
              .optional()
              .describe('`field`: where the request is wrong; `expected`: what was expected there.'),
            fieldViolations: z.array(violation).optional().describe('Of google.rpc.BadRequest.'),
            retryDelay: z.string().optional().describe('Of google.rpc.RetryInfo: `1s`.'),
          }),
        )
        .describe('The first one is a google.rpc.ErrorInfo.'),
    }),
  }),
);
