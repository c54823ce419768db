/** The agent that performs a random program, and tells the trial what it does and what it is given. */
import { z } from 'zod';
import { A2AAgentBaseService } from '@continuo/agent/internal/agents/a2a-agent-base.service.js';
import { A2AAgent } from '@continuo/agent/internal/agents/a2a-agent.js';
import type { StepContext, TaskContext } from '@continuo/agent/internal/agents/task-context.js';
import { messageOf, TerminalError } from '@continuo/agent/internal/platform/errors.js';
import { AGENT, answerAt, questionAt, REFUSED, type Given } from './given.js';
import type { Ask, Branches, Calls, Flows, Node, Race, Say, Sleep, Step } from './program.js';
import { trials, type Trial, type TrialRun } from './trial.js';

const agreed = z.string().refine((answer) => answer !== REFUSED, 'say yes');

@A2AAgent({ type: 'random', name: 'agent', description: 'Performs the program that it is given.' })
export class RandomAgent extends A2AAgentBaseService {
  override async execute(task: TaskContext): Promise<string> {
    const given = task.data as Given;
    const trial = trials.get(given.trial);
    if (trial === undefined) throw new TerminalError(`Trial ${given.trial} is over.`);
    await new Performance(task, trial, trial.runs(task)).all(given.body, given.path);
    if (given.fails) throw new Error('It was to fail.');
    return answerAt(given.path);
  }
}

class Performance {
  constructor(
    private readonly task: TaskContext,
    private readonly trial: Trial,
    private readonly run: TrialRun,
  ) {}

  async all(nodes: readonly Node[], path: string): Promise<void> {
    for (const [index, node] of nodes.entries()) await this.#one(node, `${path}.${index}`);
  }

  #one(node: Node, path: string): Promise<void> {
    switch (node.do) {
      case 'progress':
      case 'artifact':
      case 'stream':
        return this.#say(node, path);
      case 'step':
        return this.#step(node, path);
      case 'ask':
        return this.#ask(node, path);
      case 'sleep':
        return this.#sleep(node);
      case 'take':
        return this.#take(path);
      case 'call':
      case 'callAll':
        return this.#call(node, path);
      case 'all':
        return this.#flows(node, path);
      case 'branches':
        return this.#branches(node, path);
      default:
        return this.#race(node, path);
    }
  }

  async #say(said: Say, path: string): Promise<void> {
    if (said.do === 'progress') return this.task.progress(0, said.text);
    const own = said.name === undefined ? {} : { name: said.name };
    if (said.do === 'artifact') {
      this.trial.identified(path, await this.task.artifact({ ...own, parts: said.text }), this.run);
      return;
    }
    const stream = this.task.stream(own);
    this.trial.identified(path, stream.artifactId, this.run);
    for (const chunk of said.chunks) await stream.write(chunk);
    await stream.end();
  }

  async #step(step: Step, path: string): Promise<void> {
    const { name, ends } = step;
    const result = await this.task
      .step(name, (own) => this.#work(step, path, own), { maxAttempts: 2, retryDelayMs: 1 })
      .catch((error: unknown) => `failed: ${messageOf(error)}`);
    const failure = ends === 'terminal' ? `bad ${path}` : `Step "${name}" failed 2 times: bad ${path}`;
    const expected = ends === 'well' || ends === 'late' ? path : `failed: ${failure}`;
    this.trial.expect(result === expected, `step ${path} gave ${JSON.stringify(result)}`, this.run);
  }

  async #work(step: Step, path: string, { idempotencyKey }: StepContext): Promise<string> {
    const attempt = await this.trial.works(this.run, path, idempotencyKey);
    for (const [index, said] of step.says.entries()) await this.#say(said, `${path}.says.${index}`);
    await this.trial.pause(this.run, step.ms);
    if (step.nests) await this.task.step('nested', async () => this.trial.pause(this.run, 0));
    if (step.ends === 'terminal') throw new TerminalError(`bad ${path}`);
    if (step.ends === 'exhausted' || (step.ends === 'late' && attempt === 1)) throw new Error(`bad ${path}`);
    return path;
  }

  async #ask(ask: Ask, path: string): Promise<void> {
    const question = questionAt(ask, path);
    const named = ask.named ? { name: 'approval' } : {};
    const checked = ask.refuses > 0 ? { schema: agreed } : {};
    const { text } = await this.task.requestInput(question, { ...named, ...checked });
    this.trial.expect(text === `yes to ${question}`, `question ${path} was answered ${JSON.stringify(text)}`, this.run);
  }

  async #sleep({ ms }: Sleep): Promise<void> {
    await this.task.sleep(this.trial.paced(ms));
  }

  async #take(path: string): Promise<void> {
    const messages = await this.task.inbox.take();
    for (const { text } of messages) await this.task.artifact({ parts: `inbox ${text}` });
    this.trial.gave(`take ${path}`, messages.map(({ text }) => text).join(), this.run);
  }

  async #call({ do: kind, children }: Calls, path: string): Promise<void> {
    const inputs = children.map(({ body }, index) => {
      const given: Given = { trial: this.trial.id, path: `${path}.${index}`, body, fails: false };
      return { agent: AGENT, input: [{ data: { ...given } }] };
    });
    const results =
      kind === 'callAll'
        ? await this.task.callAll(inputs)
        : await Promise.all(inputs.map(({ agent, input }) => this.task.call(agent, input)));
    for (const [index, { text }] of results.entries()) {
      const isOwn = text === answerAt(`${path}.${index}`);
      this.trial.expect(isOwn, `child ${path}.${index} gave ${JSON.stringify(text)}`, this.run);
    }
  }

  async #flows({ flows }: Flows, path: string): Promise<void> {
    await Promise.all(flows.map((flow, index) => this.all(flow, `${path}.${index}`)));
  }

  async #branches({ branches }: Branches, path: string): Promise<void> {
    await Promise.all(
      branches.map(({ name, body }, index) => this.task.branch(name, () => this.all(body, `${path}.${index}`))),
    );
  }

  async #race({ entrants, joins }: Race, path: string): Promise<void> {
    const started = entrants.map((entrant, index) => this.#one(entrant, `${path}.${index}`));
    const winner = await Promise.race(started.map((each, index) => each.then(() => index)));
    this.trial.gave(`race ${path}`, String(winner), this.run);
    await this.task.artifact({ parts: `race ${path} won by ${winner}` });
    if (joins) await Promise.all(started);
  }
}
