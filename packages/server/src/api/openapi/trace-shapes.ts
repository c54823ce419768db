/** What the API answers about what tasks have done. */
import { z } from 'zod';
import type { ErrorReport } from '@continuo/agent/internal/runs/error-report.js';
import { logLevels } from '@continuo/agent/internal/tasks/agent-log.js';
import { taskStates } from '@continuo/agent/internal/tasks/task-state.js';
import type { ErrorStatistics } from '../../runs/trace/read-errors.js';
import type { LogPage } from '../../runs/trace/log-page.js';
import type { TaskTrace, TraceNode } from '../../runs/trace/trace.js';
import type { TaskSteps } from '../task-traces.controller.js';
import { moment, name, usageShape } from './shapes.js';

const cause = {
  name: z.string(),
  message: z.string(),
  code: z.string().optional(),
  stack: z
    .array(
      z.object({
        function: z.string(),
        file: z.string(),
        line: z.int(),
        column: z.int(),
        own: z.boolean().describe("In a file of the project itself: not of a package, of Node.js or of Continuo's."),
      }),
    )
    .describe('By source maps, where the server was started with them.'),
};

const errorReportShape: z.ZodType<ErrorReport> = name(
  'ErrorReport',
  z.object({ ...cause, causes: z.array(z.object(cause)).describe('What made it happen, the nearest first.') }),
);

const failedTry = z.object({
  error: errorReportShape,
  count: z.int(),
  firstAt: moment,
  lastAt: moment,
});

const tries = z.array(failedTry).describe('The attempts that failed, those alike together.');
const shown = z
  .unknown()
  .describe('JSON, at most 64 KiB; what is longer is a text that ends with `…`, and marked as truncated.');

const traceNodeShape: z.ZodType<TraceNode> = name(
  'TraceNode',
  z.object({
    id: z.string(),
    parentId: z.string().nullable().describe('The step inside of which it was done.'),
    kind: z.enum(['branch', 'step', 'tool', 'remote', 'model', 'call', 'question', 'sleep', 'inbox']),
    name: z.string(),
    branch: z.string().describe('The scopes of `task.branch` around it.'),
    state: z
      .enum(['done', 'failed', 'waiting', 'abandoned'])
      .describe('`abandoned` never ended, as its task or its attempt did.'),
    run: z.int().nullable(),
    startedAt: moment.nullable(),
    endedAt: moment.nullable(),
    attempts: z.int().describe('How often its work was tried.'),
    input: shown,
    inputTruncated: z.boolean(),
    result: shown,
    resultTruncated: z.boolean(),
    error: errorReportShape.nullable(),
    tries,
    usage: usageShape.nullable(),
    model: z
      .object({
        model: z.string(),
        finishReason: z.string().nullable(),
        prompt: z.unknown().describe('Only where the server keeps prompts.'),
        promptTruncated: z.boolean(),
      })
      .nullable(),
    child: z
      .object({
        taskId: z.string(),
        agent: z.string(),
        state: z.enum(taskStates).nullable().describe('Null for a task that was deleted.'),
        createdAt: moment.nullable(),
        endedAt: moment.nullable(),
        usage: usageShape.nullable(),
        get trace(): z.ZodType<TaskTrace | null> {
          return taskTraceShape.nullable();
        },
      })
      .nullable(),
    get nodes(): z.ZodType<readonly TraceNode[]> {
      return z.array(traceNodeShape);
    },
  }),
);

export const taskTraceShape: z.ZodType<TaskTrace> = name(
  'TaskTrace',
  z.object({
    taskId: z.string(),
    agent: z.string(),
    contextId: z.string(),
    parentTaskId: z.string().nullable(),
    rootTaskId: z.string().nullable(),
    state: z.enum(taskStates),
    held: z.boolean(),
    attempt: z.int(),
    createdAt: moment,
    endedAt: moment.nullable(),
    usage: usageShape.nullable().describe('Of language models, without what the task called.'),
    error: errorReportShape.nullable(),
    runs: z.array(
      z.object({
        number: z.int(),
        attempt: z.int(),
        instance: z.string().nullable(),
        agentVersion: z.string().nullable(),
        startedAt: moment.nullable(),
        endedAt: moment.nullable(),
        ending: z
          .string()
          .nullable()
          .describe(
            '`asked`, `waits`, `held`, `released`, `lost`, `left`, `retried`, or the state in which the task ended; null while it goes on.',
          ),
        error: errorReportShape.nullable(),
        nodes: z.array(traceNodeShape),
      }),
    ),
    nextPageToken: z.string(),
  }),
);

export const taskStepsShape: z.ZodType<TaskSteps> = name(
  'TaskSteps',
  z.object({
    steps: z
      .array(
        z.object({
          number: z.int(),
          name: z.string(),
          failed: z.boolean(),
          startedAt: moment.nullable(),
          endedAt: moment.nullable(),
          kind: z
            .enum(['step', 'tool', 'remote', 'sleep', 'inbox'])
            .optional()
            .describe('With `results`, as all below.'),
          branch: z.string().optional(),
          run: z.int().nullable().optional(),
          attempts: z.int().optional(),
          input: shown.optional(),
          inputTruncated: z.boolean().optional(),
          result: shown.optional(),
          resultTruncated: z.boolean().optional(),
          error: errorReportShape.nullable().optional(),
          tries: tries.optional(),
        }),
      )
      .describe('Oldest first; without `results` of more than a thousand the last.'),
    nextPageToken: z.string().optional().describe('With `results`; empty on the last page.'),
  }),
);

export const taskLogShape: z.ZodType<LogPage> = name(
  'TaskLog',
  z.object({
    lines: z
      .array(
        z.object({
          number: z.int().describe('Counts the lines of the task from 1.'),
          at: moment,
          level: z.enum(logLevels),
          message: z.string(),
          fields: z.unknown().optional(),
          step: z.string().optional().describe("The step in which it was logged, by its id in the task's trace."),
          run: z.int(),
        }),
      )
      .describe('Oldest first.'),
    dropped: z.int().describe('Lines that were not kept, as there was no room for more.'),
    next: z.int().nullable().describe('What `after` is for the next page; null at the end of what there is now.'),
  }),
);

export const errorStatisticsShape: z.ZodType<ErrorStatistics> = name(
  'ErrorStatistics',
  z.object({
    from: moment,
    to: moment,
    errors: z
      .array(
        z.object({
          fingerprint: z.string().describe('The same for failures of the same kind from the same place.'),
          agent: z.string(),
          name: z.string(),
          message: z.string().describe('Of the last of them.'),
          place: z.string().nullable().describe("`file:line` in the project's own code."),
          step: z.string().nullable(),
          count: z.int(),
          firstAt: moment,
          lastAt: moment,
          taskId: z.string().describe('The last task that failed so.'),
        }),
      )
      .describe('What failed most often first.'),
    total: z.int(),
    truncated: z.boolean().describe('More failed than was looked at, or in more ways than are shown.'),
  }),
);
