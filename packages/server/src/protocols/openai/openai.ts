/** OpenAI's API: agents as models, for every client that speaks it. */
import { Router } from 'express';
import type { Protocol } from '../protocol.js';
import { chatRoutes } from './chat.js';
import { answerOpenAIError } from './errors.js';
import { responseRoutes } from './responses.js';
import { modelRoutes } from './models.js';

export const openAI: Protocol = {
  name: 'openai',
  paths: ['/v1/models', '/v1/chat/completions', '/v1/responses'],
  routes: (parts) =>
    Router()
      .use('/v1/models', modelRoutes(parts))
      .use('/v1/chat/completions', chatRoutes(parts))
      .use('/v1/responses', responseRoutes(parts)),
  answerError: answerOpenAIError,
};
