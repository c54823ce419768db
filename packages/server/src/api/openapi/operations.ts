/** The operations over plain HTTP: where they are, what they take and what they answer. */
import { newTaskBody } from '../new-task.js';
import { sharedParameters } from '../shared-access.js';
import { statisticsParameters } from '../statistics.controller.js';
import { taskListParameters } from '../task-list.js';
import { artifactParameters, eventsParameters, retryBody, viewParameters } from '../tasks.controller.js';
import { usageParameters } from '../usage.controller.js';
import { accessOperations } from './access-operations.js';
import { fileOperations } from './file-operations.js';
import type { Operation } from './operation.js';
import {
  agentListShape,
  streamResponseShape,
  taskListShape,
  taskShape,
  taskStatisticsShape,
  taskStepsShape,
  usageReportShape,
} from './shapes.js';
import { memoryOperations } from './memory-operations.js';
import { sessionOperations } from './session-operations.js';
import { webhookOperations } from './webhook-operations.js';

export const operations: readonly Operation[] = [
  { id: 'listAgents', method: 'get', path: '/agents', summary: 'The agents, with their cards', answer: agentListShape },
  {
    id: 'createTask',
    method: 'post',
    path: '/agents/{type}/{name}/tasks',
    summary: 'Begin a task, or answer one that asks',
    query: sharedParameters,
    body: newTaskBody,
    answer: taskShape,
  },
  {
    id: 'listTasks',
    method: 'get',
    path: '/tasks',
    summary: 'Tasks in the order of their last change, newest first unless `order` says otherwise',
    query: taskListParameters,
    answer: taskListShape,
  },
  {
    id: 'followTasks',
    method: 'get',
    path: '/tasks/events',
    summary: 'The events of all tasks',
    answer: streamResponseShape,
    stream: true,
  },
  { id: 'getTask', method: 'get', path: '/tasks/{id}', summary: 'A task', query: viewParameters, answer: taskShape },
  {
    id: 'followTask',
    method: 'get',
    path: '/tasks/{id}/events',
    summary: 'The events of a task; with `follow=false` those that are there now',
    query: eventsParameters,
    answer: streamResponseShape,
    stream: true,
  },
  {
    id: 'readArtifact',
    method: 'get',
    path: '/tasks/{id}/artifacts/{artifactId}',
    summary: 'The content of an artifact as a file; with `part` that of one part, counted from 0',
    query: artifactParameters,
    file: true,
  },
  {
    id: 'listSteps',
    method: 'get',
    path: '/tasks/{id}/steps',
    summary: 'The durable steps that a task has finished',
    query: sharedParameters,
    answer: taskStepsShape,
  },
  {
    id: 'cancelTask',
    method: 'post',
    path: '/tasks/{id}:cancel',
    summary: 'Cancel a task',
    query: sharedParameters,
    answer: taskShape,
  },
  {
    id: 'retryTask',
    method: 'post',
    path: '/tasks/{id}:retry',
    summary: 'A new attempt of a task that failed or was cancelled',
    query: sharedParameters,
    body: retryBody,
    answer: taskShape,
  },
  {
    id: 'readStatistics',
    method: 'get',
    path: '/statistics',
    summary: 'What tasks do now, and what became of them over the last hours (1 to 720), for all agents or for one',
    query: statisticsParameters,
    answer: taskStatisticsShape,
  },
  {
    id: 'readUsage',
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
  ...accessOperations,
];
