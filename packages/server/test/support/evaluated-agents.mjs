/** Agents and scorers for `npm run eval`: what they are asked is noted in the file NOTES; `wait` waits for the file GATE. */
import { appendFileSync, existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { agent } from './test-agent.mjs';

export const agents = [
  agent('capitals', async (task) => {
    appendFileSync(process.env.NOTES, `${task.text}\n`);
    while (task.text === 'wait' && !existsSync(process.env.GATE)) await sleep(20);
    return task.text === 'France' ? 'Paris' : 'no idea';
  }),
];

export const scorers = [{ name: 'short', score: ({ output }) => output.length < 6 }];
