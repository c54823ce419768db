/** Ids and copying work on pages that came over plain HTTP, where browsers lack a part of their APIs. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { newId } from '../src/api/new-id.js';
import { asCurl, asGrpcurl } from '../src/routes/agent/workbench/as-code.js';

const { crypto } = globalThis;
const insecure = { getRandomValues: crypto.getRandomValues.bind(crypto) };

beforeEach(() => void vi.stubGlobal('crypto', insecure));
afterEach(() => void vi.unstubAllGlobals());

it('an id is a new UUID', () => {
  expect(newId()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-a[\da-f]{3}-[\da-f]{12}$/);
  expect(newId()).not.toBe(newId());
});

it('a call is shown as code', () => {
  const trial = {
    parts: [{ text: 'Hello' }],
    contextId: undefined,
    taskId: undefined,
    acceptedOutputModes: [],
    streaming: false,
  };
  const target = { url: 'http://10.0.0.1/agents/a/b', binding: 'JSONRPC', version: '1.0' } as const;
  const call = { trial, target, agent: 'a/b', server: 'http://10.0.0.1', signed: false };
  expect(asCurl(call)).toContain('Hello');
  expect(asGrpcurl(call, '10.0.0.1:1', true)).toContain('Hello');
});
