/** The operations over plain HTTP: where they are, what they take and what they answer. */
import { describedTaskBody } from '../new-task.js';
import { sharedParameters } from '../shared-access.js';
import { statisticsParameters } from '../statistics.controller.js';
import { taskCountParameters, taskListParameters } from '../task-list.js';
import { artifactParameters, eventsParameters, retryBody, viewParameters } from '../tasks.controller.js';
import { usageParameters } from '../usage.controller.js';
import { accessOperations } from './access-operations.js';
import { externalAgentOperations } from './external-agent-operations.js';
import { fileOperations } from './file-operations.js';
import type { Operation } from './operation.js';
import {
  agentListShape,
  streamResponseShape,
  taskCountsShape,
  taskListShape,
  taskShape,
  taskStatisticsShape,
  usageReportShape,
} from './shapes.js';
import { memoryOperations } from './memory-operations.js';
import { serverOperations } from './server-operations.js';
import { sessionOperations } from './session-operations.js';
import { traceOperations } from './trace-operations.js';
import { webhookOperations } from './webhook-operations.js';

export const operations: readonly Operation[] = [
  {
    id: 'listAgents',
    access: 'read',
    method: 'get',
    path: '/agents',
    summary: 'The agents, with their cards',
    answer: agentListShape,
  },
  {
    id: 'createTask',
    access: 'write',
    idempotent: true,
    statuses: [200, 201],
    errors: [
      'AGENT_NOT_FOUND',
      'TASK_NOT_FOUND',
      'SESSION_NOT_FOUND',
      'FILE_NOT_FOUND',
      'UNSUPPORTED_OPERATION',
      'TASK_GENERATION_MISMATCH',
      'QUOTA_EXCEEDED',
    ],
    description:
      '201 with a new task; 200 with the one that the message has continued, or that the same message or key had made before. With `wait` the answer comes when the task has ended or asks something, or after a while: then it still works.',
    method: 'post',
    path: '/agents/{type}/{name}/tasks',
    summary: 'Begin a task, or answer one that asks',
    query: sharedParameters,
    body: describedTaskBody,
    answer: taskShape,
  },
  {
    id: 'listAgentTasks',
    access: 'read',
    errors: ['AGENT_NOT_FOUND', 'SESSION_NOT_FOUND'],
    method: 'get',
    path: '/agents/{type}/{name}/tasks',
    summary: 'The tasks of one agent',
    query: taskListParameters.omit({ agent: true }),
    answer: taskListShape,
  },
  {
    id: 'cancelAgentTask',
    access: 'write',
    errors: ['TASK_NOT_FOUND', 'TASK_NOT_CANCELABLE'],
    method: 'delete',
    path: '/agents/{type}/{name}/tasks/{id}',
    summary: 'Cancel a task of an agent; it stays readable',
    query: sharedParameters,
    answer: taskShape,
  },
  {
    id: 'listTasks',
    access: 'read',
    errors: ['SESSION_NOT_FOUND'],
    method: 'get',
    path: '/tasks',
    summary: 'Tasks in the order of their last change, newest first unless `order` says otherwise',
    query: taskListParameters,
    answer: taskListShape,
  },
  {
    id: 'countTasks',
    access: 'read',
    errors: ['SESSION_NOT_FOUND'],
    method: 'get',
    path: '/tasks/counts',
    summary: 'How many tasks are in each state',
    query: taskCountParameters,
    answer: taskCountsShape,
  },
  {
    id: 'followTasks',
    access: 'read',
    description:
      'From now on, or behind `Last-Event-ID`; the first event, of type `open`, has the id of where it begins.',
    method: 'get',
    path: '/tasks/events',
    summary: 'The events of all tasks',
    answer: streamResponseShape,
    stream: true,
  },
  {
    id: 'getTask',
    access: 'read',
    errors: ['TASK_NOT_FOUND'],
    method: 'get',
    path: '/tasks/{id}',
    summary: 'A task',
    answerHeaders: ['Last-Event-ID'],
    query: viewParameters,
    answer: taskShape,
  },
  {
    id: 'deleteTask',
    access: 'write',
    errors: ['TASK_NOT_FOUND', 'TASK_NOT_DELETABLE'],
    description:
      'For its owner, for good: its events, artifacts and steps, and the tasks that it called. What was said in the session stays, what language models cost stays counted. Who deletes it once more is answered the same.',
    method: 'delete',
    path: '/tasks/{id}',
    summary: 'Delete a task that has ended',
  },
  {
    id: 'followTask',
    access: 'read',
    statuses: [200, 204],
    errors: ['TASK_NOT_FOUND'],
    description:
      'From the first event or behind `Last-Event-ID`, until the task has ended. Ids are numbers without gaps. 204 for whoever has seen all of it.',
    method: 'get',
    path: '/tasks/{id}/events',
    summary: 'The events of a task; with `follow=false` those that are there now',
    query: eventsParameters,
    answer: streamResponseShape,
    stream: true,
  },
  {
    id: 'readArtifact',
    access: 'read',
    errors: ['TASK_NOT_FOUND', 'ARTIFACT_NOT_FOUND'],
    method: 'get',
    path: '/tasks/{id}/artifacts/{artifactId}',
    summary: 'The content of an artifact as a file; with `part` that of one part, counted from 0',
    query: artifactParameters,
    file: true,
  },
  ...traceOperations,
  {
    id: 'cancelTask',
    access: 'write',
    idempotent: true,
    errors: ['TASK_NOT_FOUND', 'TASK_NOT_CANCELABLE'],
    method: 'post',
    path: '/tasks/{id}:cancel',
    summary: 'Cancel a task',
    query: sharedParameters,
    answer: taskShape,
  },
  {
    id: 'retryTask',
    access: 'write',
    idempotent: true,
    bodyOptional: true,
    errors: ['TASK_NOT_FOUND', 'UNSUPPORTED_OPERATION', 'QUOTA_EXCEEDED'],
    method: 'post',
    path: '/tasks/{id}:retry',
    summary: 'A new attempt of a task that failed or was cancelled',
    query: sharedParameters,
    body: retryBody,
    answer: taskShape,
  },
  {
    id: 'readStatistics',
    access: 'read',
    method: 'get',
    path: '/statistics',
    summary: 'What tasks do now, and what became of them over the last hours (1 to 720), for all agents or for one',
    query: statisticsParameters,
    answer: taskStatisticsShape,
  },
  {
    id: 'readUsage',
    access: 'read',
    method: 'get',
    path: '/usage',
    summary: 'Tokens and cost of language models, put together by day, agent, session, task, model or owner',
    query: usageParameters,
    answer: usageReportShape,
  },
  ...sessionOperations,
  ...memoryOperations,
  ...fileOperations,
  ...webhookOperations,
  ...externalAgentOperations,
  ...accessOperations,
  ...serverOperations,
];
