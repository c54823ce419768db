/** The agent of the steps. */
import { A2AAgent, A2AAgentBaseService } from '@continuo/server';

/** As many durable steps as the data part `{ steps, asks }` asks for, and a question behind them. */
export class Steps extends A2AAgentBaseService {
  /** @param {import("@continuo/server").TaskContext} task */
  async execute(task) {
    const { steps, asks } = task.data;
    let done = 0;
    for (let n = 1; n <= steps; n += 1) done += await task.step(`step ${n}`, () => 1);
    if (asks) await task.requestInput('Go on?');
    return String(done);
  }
}

A2AAgent({ type: 'bench', name: 'steps', description: 'Does the steps asked for', skills: [] })(Steps);
