/** AG-UI: agents for user interfaces that speak its runs and events. */
import { Router } from 'express';
import type { Protocol } from '../protocol.js';
import { answerAgUiError } from './errors.js';
import { runRoutes } from './runs.js';

export const agUi: Protocol = {
  name: 'ag-ui',
  paths: ['/ag-ui'],
  routes: (parts) => Router().use('/ag-ui', runRoutes(parts)),
  answerError: answerAgUiError,
};
