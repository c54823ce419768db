/** The program that a command runs: what is missing is told with the command that was called. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { builtEntry } from '../src/project/project.js';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'continuo-entries-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

it.each(['start', 'check'] as const)('%s without a built program names itself', (command) => {
  expect(() => builtEntry(undefined, directory, command)).toThrow(
    `dist/main.js is not there: build the project first (\`npm run build\`), or name it: \`continuo ${command} <entry>\`.`,
  );
});
