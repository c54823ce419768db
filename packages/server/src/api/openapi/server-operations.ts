/** The operations on the server itself: what orchestrators and programs that make clients ask. */
import { z } from 'zod';
import type { WebPage } from '../../platform/egress/read-page.js';
import { pageQuestion } from '../page-text.controller.js';
import type { Operation } from './operation.js';
import { name } from './shapes.js';

const aliveShape = name('Alive', z.object({ status: z.literal('ok') }));
const readyShape = name('Ready', z.object({ status: z.literal('ready') }));
const webPageShape: z.ZodType<WebPage> = name(
  'WebPage',
  z.object({
    url: z.string().describe('Where it was read, behind what redirected.'),
    title: z.string().describe('Empty where it has none; at most 500 characters.'),
    description: z.string().describe('Its own summary for search engines; empty where it has none.'),
    text: z.string().describe('What is to be read on it, line by line, without markup; the first 20,000 characters.'),
    truncated: z.boolean().describe('Whether there is more of it.'),
  }),
);
const documentShape = name('OpenApiDocument', z.looseObject({ openapi: z.string() }));

export const serverOperations: readonly Operation[] = [
  {
    id: 'isAlive',
    access: 'public',
    method: 'get',
    path: '/healthz',
    summary: 'The process answers',
    answer: aliveShape,
  },
  {
    id: 'isReady',
    access: 'public',
    method: 'get',
    path: '/readyz',
    summary: 'The server can work: its database answers, and it is not stopping',
    answer: readyShape,
  },
  {
    id: 'readPageText',
    access: 'write',
    description:
      'The server reads it, under the rules for addresses that callers name: public ones, and those that the operator lists. Ten seconds and 2 MiB at most, text/html and text/plain alone. Why a page can’t be read is the message of INVALID_ARGUMENT.',
    method: 'post',
    path: '/page-text',
    summary: 'The text of a web page',
    body: pageQuestion,
    answer: webPageShape,
  },
  {
    id: 'readMetrics',
    access: 'admin',
    method: 'get',
    path: '/metrics',
    summary: 'What the processes that serve have counted, as Prometheus reads it',
    text: 'text/plain',
    errors: ['UNSUPPORTED_OPERATION'],
  },
  {
    id: 'readOpenApiDocument',
    access: 'public',
    method: 'get',
    path: '/openapi.json',
    summary: 'This document',
    answer: documentShape,
  },
];
