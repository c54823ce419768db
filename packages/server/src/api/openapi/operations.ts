/** The operations over plain HTTP: where they are, what they take and what they answer. */
import { newTaskBody } from '../new-task.js';
import { newSession, listParameters, messageParameters, sessionChange } from '../sessions.controller.js';
import { statisticsParameters } from '../statistics.controller.js';
import { taskListParameters } from '../task-list.js';
import { retryBody, viewParameters } from '../tasks.controller.js';
import { accessOperations } from './access-operations.js';
import type { Operation } from './operation.js';
import {
  agentListShape,
  messagePageShape,
  sessionExportShape,
  sessionPageShape,
  sessionShape,
  streamResponseShape,
  taskListShape,
  taskShape,
  taskStatisticsShape,
} from './shapes.js';
import { webhookOperations } from './webhook-operations.js';

export const operations: readonly Operation[] = [
  { id: 'listAgents', method: 'get', path: '/agents', summary: 'The agents, with their cards', answer: agentListShape },
  {
    id: 'createTask',
    method: 'post',
    path: '/agents/{type}/{name}/tasks',
    summary: 'Begin a task, or answer one that asks',
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
    summary: 'The events of a task',
    answer: streamResponseShape,
    stream: true,
  },
  { id: 'cancelTask', method: 'post', path: '/tasks/{id}:cancel', summary: 'Cancel a task', answer: taskShape },
  {
    id: 'retryTask',
    method: 'post',
    path: '/tasks/{id}:retry',
    summary: 'A new attempt of a task that failed or was cancelled',
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
    id: 'listSessions',
    method: 'get',
    path: '/sessions',
    summary: 'Sessions, newest change first',
    query: listParameters,
    answer: sessionPageShape,
  },
  {
    id: 'createSession',
    method: 'post',
    path: '/sessions',
    summary: 'Open a session',
    body: newSession,
    answer: sessionShape,
  },
  { id: 'getSession', method: 'get', path: '/sessions/{id}', summary: 'A session', answer: sessionShape },
  {
    id: 'updateSession',
    method: 'patch',
    path: '/sessions/{id}',
    summary: 'Rename a session',
    body: sessionChange,
    answer: sessionShape,
  },
  { id: 'deleteSession', method: 'delete', path: '/sessions/{id}', summary: 'Delete a session with its tasks' },
  {
    id: 'exportSession',
    method: 'get',
    path: '/sessions/{id}/export',
    summary: 'All of a session as JSON',
    answer: sessionExportShape,
  },
  {
    id: 'listMessages',
    method: 'get',
    path: '/sessions/{id}/messages',
    summary: 'What was said in a session',
    query: messageParameters,
    answer: messagePageShape,
  },
  {
    id: 'followSession',
    method: 'get',
    path: '/sessions/{id}/events',
    summary: "The events of a session's tasks",
    answer: streamResponseShape,
    stream: true,
  },
  ...webhookOperations,
  ...accessOperations,
];
