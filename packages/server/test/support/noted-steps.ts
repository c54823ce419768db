/** What the agent `test/notes` really ran, as it wrote it down itself: one line for each run of a step. */
import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterThisFile } from './outcome.js';
import { makeTestDirectory } from './test-directory.js';

export interface NotedStep {
  readonly step: number;
  /** The process that ran it. */
  readonly pid: number;
}

/** A file for the agent's data `{ steps, delayMs, file }`, removed after the tests of this file. */
export async function makeNotesFile(): Promise<string> {
  const directory = await makeTestDirectory('notes');
  afterThisFile(() => rm(directory, { recursive: true, force: true }));
  return join(directory, randomUUID());
}

/** In the order in which they were run; empty before the first. */
export async function notedSteps(file: string): Promise<readonly NotedStep[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [step, pid] = line.split(' ');
      return { step: Number(step), pid: Number(pid) };
    });
}
