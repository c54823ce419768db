/** AI SDK: agents for `useChat`, by UI message streams. */
import { Router } from 'express';
import type { Protocol } from '../protocol.js';
import { chatRoutes } from './chats.js';
import { answerAiSdkError } from './errors.js';

export const aiSdk: Protocol = {
  name: 'ai-sdk',
  paths: ['/ai-sdk'],
  routes: (parts) => Router().use('/ai-sdk', chatRoutes(parts)),
  answerError: answerAiSdkError,
};
