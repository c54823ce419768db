/** `function/countdown`: a long task with progress, one durable step for each count. */
import { z } from 'zod';
import { A2AAgentBaseService, type AgentAnswer } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import { remark } from '@continuo/agent/internal/agents/answer.js';
import type { TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { systemClock } from '@continuo/agent/internal/platform/clock.js';
import { TerminalError } from '@continuo/agent/internal/platform/errors.js';
import { inWords } from '@continuo/agent/internal/platform/parse.js';

const inputSchema = z.object({
  steps: z.int().min(1).max(100_000).default(10),
  delayMs: z.int().min(0).max(86_400_000).default(1_000),
});

interface CountedStep {
  readonly step: number;
  readonly at: string;
  /** The process that ran it: shows who took over after a crash. */
  readonly pid: number;
}

@A2AAgent({
  type: 'function',
  name: 'countdown',
  description: 'Counts down in durable steps and reports its progress; it goes on where it was after a crash.',
  skills: [
    {
      id: 'countdown',
      name: 'Count down',
      description: 'Runs `steps` steps of `delayMs` milliseconds each. Takes data: { steps, delayMs }.',
      tags: ['test', 'long-running'],
      examples: ['{"steps": 10, "delayMs": 1000}'],
    },
  ],
})
export class CountdownAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    const input = inputSchema.safeParse(task.data ?? {});
    if (!input.success) throw new TerminalError(`Invalid input: ${inWords(input.error)}.`);
    const { steps, delayMs } = input.data;
    const ran: CountedStep[] = [];
    for (let step = 1; step <= steps; step += 1) {
      ran.push(await task.step(`count ${step}`, ({ signal }) => count(step, delayMs, signal)));
      await task.progress(step / steps, `Counted ${step} of ${steps}`);
    }
    await task.artifact({ name: 'countdown', parts: [{ data: { steps: ran } }] });
    return remark(`Counted ${steps} steps.`);
  }
}

async function count(step: number, delayMs: number, signal: AbortSignal): Promise<CountedStep> {
  await systemClock.sleep(delayMs, signal);
  return { step, at: systemClock.now().toISOString(), pid: process.pid };
}
