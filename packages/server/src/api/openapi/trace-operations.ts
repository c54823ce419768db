/** The operations that tell what tasks have done. */
import { errorsParameters } from '../statistics.controller.js';
import { logParameters, stepsParameters, traceParameters } from '../task-traces.controller.js';
import type { Operation } from './operation.js';
import { errorStatisticsShape, taskLogShape, taskStepsShape, taskTraceShape } from './trace-shapes.js';

export const traceOperations: readonly Operation[] = [
  {
    id: 'readTrace',
    access: 'read',
    errors: ['TASK_NOT_FOUND'],
    description:
      "For the task's owner alone. Also of a task that works, waits, is held or has ended long ago; a step that is under way isn't in it yet.",
    method: 'get',
    path: '/tasks/{id}/trace',
    summary: 'What a task has done: its runs, and in them its steps, calls, model calls, questions and waits',
    query: traceParameters,
    answer: taskTraceShape,
  },
  {
    id: 'listSteps',
    access: 'read',
    errors: ['TASK_NOT_FOUND'],
    method: 'get',
    path: '/tasks/{id}/steps',
    summary: 'The durable steps that a task has finished, with `results` what came of them',
    query: stepsParameters,
    answer: taskStepsShape,
  },
  {
    id: 'readTaskLog',
    access: 'read',
    errors: ['TASK_NOT_FOUND'],
    description: "For the task's owner alone.",
    method: 'get',
    path: '/tasks/{id}/log',
    summary: "What a task's agent has logged",
    query: logParameters,
    answer: taskLogShape,
  },
  {
    id: 'readErrors',
    access: 'read',
    method: 'get',
    path: '/statistics/errors',
    summary: "How the caller's tasks have failed, those alike together",
    query: errorsParameters,
    answer: errorStatisticsShape,
  },
];
