/** Handlers put together are passed like those of a router, by the same requests. */
import { createServer } from 'node:http';
import express, { Router, type Express, type RequestHandler } from 'express';
import { expect, it } from 'vitest';
import { below, inTurn } from '../../src/platform/in-turn.js';
import { onLoopback } from '../support/on-loopback.js';

const paths = ['/tasks', '/.well-known/agent-card.json'];

const serve = (app: Express): Promise<string> => onLoopback(createServer(app));

it('finds the same requests below its paths as Express', async () => {
  const yes: RequestHandler = (_request, response) => void response.send('yes');
  const no: RequestHandler = (_request, response) => void response.send('no');
  const ours = await serve(express().use(inTurn(below(paths, yes), no)));
  const theirs = await serve(express().use(Router().use(paths, yes)).use(no));
  const asked = [
    '/',
    '/tasks',
    '/Tasks',
    '/tasks/',
    '/tasks/1',
    '/tasks?a',
    '/tasksx',
    '/tasks.x',
    '/a/tasks',
    '//tasks',
  ];
  const cards = ['/.well-known/agent-card.json', '/xwell-known/agent-card.json', '/.well-known/agent-card.json/x'];
  for (const path of [...asked, ...cards, '/%74asks', '/tasks%2F1']) {
    const [ownText, theirText] = await Promise.all([ours, theirs].map(async (url) => (await fetch(url + path)).text()));
    expect(`${path}: ${ownText}`).toBe(`${path}: ${theirText}`);
  }
});

it('passes an error on, past all that is behind it', async () => {
  const passed: string[] = [];
  const note = (name: string): RequestHandler => {
    return (_request, _response, next) => {
      passed.push(name);
      next();
    };
  };
  const fail: RequestHandler = (_request, _response, next) => next(new Error('no'));
  const answer: express.ErrorRequestHandler = (error: Error, _request, response, _next) =>
    void response.status(400).send(error.message);
  const url = await serve(
    express()
      .use(inTurn(note('first'), fail, note('last')))
      .use(answer),
  );
  const failed = await fetch(url);
  expect([failed.status, await failed.text(), passed]).toEqual([400, 'no', ['first']]);
});
