/** docs/errors.md has one section for each error code, and gives the HTTP status that the code is answered with. */
import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { errorCodes, type ErrorCode } from '@continuo/agent/internal/platform/errors.js';
import { httpErrors } from '../../src/platform/http-errors.js';

const document = await readFile(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');
const sections = document.split(/^## /m).slice(1);
const codes = Object.keys(errorCodes) as ErrorCode[];
/** They stop the start, so that no client ever sees them. */
const atBoot: readonly ErrorCode[] = [
  'AGENT_INVALID',
  'METADATA_MISSING',
  'CONFIG_INVALID',
  'PACKAGE_MISSING',
  'DATABASE_NEWER',
  'DATABASE_MISMATCH',
  'DATABASE_IN_USE',
];

it('explains every code, and no others', () => {
  expect(sections.map((section) => section.split('\n', 1)[0])).toEqual(codes);
});

it.each(codes)('says how %s is answered, when it comes up and what to do', (code) => {
  const { http, status } = httpErrors[code];
  const section = sections.find((candidate) => candidate.startsWith(`${code}\n`)) ?? '';
  expect(section).toContain(atBoot.includes(code) ? '- HTTP none; JSON-RPC none' : `- HTTP ${http} \`${status}\``);
  expect(section).toMatch(/JSON-RPC (-32\d{3}|none)/);
  expect(section).toMatch(/^- When: \S.*$/m);
  expect(section).toMatch(/^- Do: \S.*$/m);
});
