/** An agent that hands a message to the agents that suit it best, in the same session, and passes on their answers. */
import { systemClock, type Clock } from '../platform/clock.js';
import { messageOf, TerminalError } from '../platform/errors.js';
import { isObject } from '../platform/json-object.js';
import { CLOCK, CONFIG } from '../platform/tokens.js';
import type { Part } from '../sessions/message.js';
import { ANSWER } from '../tasks/answer-artifact.js';
import { CALL_EXTENSION, DELEGATION_EXTENSION, type Artifact } from '../tasks/task.js';
import { A2AAgentBaseService, type AgentAnswer } from './a2a-agent-base.service.js';
import { AgentRegistry } from './agent-registry.js';
import type { AgentSettings } from './agent-settings.js';
import { Remark } from './answer.js';
import { addressees } from './choice/addressees.js';
import { chooseBySearch } from './choice/choose-by-search.js';
import { chooseWithModel } from './choice/choose-with-model.js';
import { isQuestion, type Answered, type Candidate, type Decision, type Delegation } from './choice/decision.js';
import { injected } from './injected.js';
import { LANGUAGE_MODEL, type LanguageModel } from './models/language-model.js';
import { ModelUnavailableError } from './models/model-errors.js';
import { MODEL_ATTEMPTS, modelStep } from './models/model-step.js';
import { offlineModel } from './models/offline-model.js';
import { essenceOf } from './published.js';
import type { CallResult, TaskContext } from './task-context.js';

const DEFAULT_TIMEOUT_MS = 60_000;
/** Questions to the user about one message. */
const MOST_QUESTIONS = 3;
/** Messages of the session by which a model chooses. */
const HISTORY = 20;

/**
 * An agent that answers nothing itself: it hands a message to whichever agents fit, and puts their answers together.
 * By default the language model chooses by the agents' cards; override `choose` or `candidates` to choose otherwise.
 *
 * @example
 * @A2AAgent({ type: 'orchestrator', name: 'desk', version: '1.0.0', description: 'Finds who can help.' })
 * export class DeskAgent extends OrchestratorAgentBaseService {
 *   protected override candidates(task: TaskContext) {
 *     return super.candidates(task).filter(({ key }) => key.startsWith('desk/'));
 *   }
 * }
 */
export abstract class OrchestratorAgentBaseService extends A2AAgentBaseService {
  /** @internal */
  @injected(AgentRegistry, 'required')
  protected readonly registry: Pick<AgentRegistry, 'list'> = new AgentRegistry();

  /** The server's language model (CONTINUO_MODEL), or the offline model. */
  @injected(LANGUAGE_MODEL, 'required')
  protected readonly model: LanguageModel = offlineModel;

  /** @internal */
  @injected(CONFIG)
  protected readonly config?: Pick<AgentSettings, 'modelTimeoutMs' | 'modelOptions'>;

  /** @internal */
  @injected(CLOCK)
  protected readonly clock: Clock = systemClock;

  /** Who answers when no card matches: `type/name`. */
  protected readonly fallback: string = 'context/assistant';

  /**
   * Whom to choose from: all agents of this server but orchestrators, which could send a message round in circles. Those
   * that are `internal` are chosen only when the message names them.
   */
  protected candidates(task: TaskContext): readonly Candidate[] {
    return this.registry
      .list()
      .filter(({ key, description, agent }) => {
        const handsOn = agent instanceof OrchestratorAgentBaseService || description.type === 'orchestrator';
        return key !== task.agent && !handsOn;
      })
      .map(({ key, description }) => ({ key, description }));
  }

  /**
   * Who is to do what, or what to ask the user first; then it is called again, with what was `answered`. By default whom
   * the message names, or the language model's choice, or that of `search`. Runs in a step: a task stays with its agents
   * when the server is restarted. Throws TerminalError when there is nobody.
   */
  protected async choose(task: TaskContext, answered: readonly Answered[], signal: AbortSignal): Promise<Decision> {
    const all = this.candidates(task).map(({ key }) => key);
    const named = addressees(task.text, all);
    if (named.length > 0) return named.map((addressee) => ({ ...addressee, reason: 'the message names it' }));
    const candidates = this.#visible(task);
    const [only] = candidates;
    if (only !== undefined && candidates.length === 1) {
      return [{ agent: only.key, reason: 'there is no other agent' }];
    }
    if (only === undefined || this.model === offlineModel) return this.search(task, answered);
    const choice = {
      model: this.model,
      candidates,
      fallback: this.fallback,
      history: await task.history({ limit: HISTORY }),
      parts: task.parts,
      answered,
      mayAsk: answered.length < MOST_QUESTIONS,
      signal,
      timeoutMs: this.config?.modelTimeoutMs ?? DEFAULT_TIMEOUT_MS,
      options: this.config?.modelOptions,
    };
    try {
      return (await chooseWithModel(choice, this.clock)) ?? this.search(task, answered);
    } catch (error) {
      if (error instanceof TerminalError) return this.#searchInstead(task, answered, error);
      throw error;
    }
  }

  /** The choice without a language model: by ranked search over the cards. Throws TerminalError when there is nobody. */
  protected search(task: TaskContext, answered: readonly Answered[]): Decision {
    const [query, fields, candidates] = [task.text, fieldsOf(task.data), this.#visible(task)];
    const decision = chooseBySearch({ query, fields, candidates, fallback: this.fallback, answered });
    if (decision !== undefined) return decision;
    throw new TerminalError(
      `No agent of this server matches the message, and there is no ${this.fallback} to ask instead.`,
    );
  }

  /**
   * The session gets the answers of the agents from themselves, each with who chose it and why. Each artifact has
   * `{ agent, reason }` in its metadata. Of several agents those that failed are said with the task's last state.
   */
  override async execute(task: TaskContext): Promise<AgentAnswer> {
    const { delegations, answered } = await this.#decide(task);
    const list = delegations.map(({ agent, reason }) => `${agent} (${reason})`);
    await task.progress(0, `Asking ${list.join(', ')}`);
    const results = await this.#delegate(task, delegations, answered);
    for (const { artifact, agent, reason } of answersOf(delegations, results)) {
      const { artifactId: _, ...published } = artifact;
      await task.artifact({ ...published, metadata: { ...artifact.metadata, agent, reason } });
    }
    // The session has the answers from those who gave them.
    const failed = results.flatMap(({ error }) => (error === undefined ? [] : [{ text: error }]));
    return new Remark(failed, []);
  }

  async #decide(task: TaskContext) {
    const answered: Answered[] = [];
    for (;;) {
      const decision = await this.#chooseInAStep(task, [...answered]);
      if (!isQuestion(decision)) return { delegations: decision, answered };
      if (answered.length === MOST_QUESTIONS) {
        throw new TerminalError(`It is not clear which agent is to do this, after ${MOST_QUESTIONS} questions.`);
      }
      const { text } = await task.requestInput(decision.question);
      answered.push({ ...decision, answer: text });
    }
  }

  /** A model that can't be reached is asked again, and then done without. */
  #chooseInAStep(task: TaskContext, answered: readonly Answered[]): Promise<Decision> {
    let attempts = 0;
    return modelStep(task, this.clock, 'choose an agent', async (signal) => {
      attempts += 1;
      try {
        return await this.choose(task, answered, signal);
      } catch (error) {
        if (!(error instanceof ModelUnavailableError) || attempts < MODEL_ATTEMPTS) throw error;
        return this.#searchInstead(task, answered, error);
      }
    });
  }

  #searchInstead(task: TaskContext, answered: readonly Answered[], why: Error): Decision {
    this.logger?.warn({ err: messageOf(why), taskId: task.id }, 'an agent was chosen without the language model');
    const decision = this.search(task, answered);
    if (isQuestion(decision)) return decision;
    return decision.map(({ reason, ...rest }) => ({ ...rest, reason: `${reason}; the language model gave no choice` }));
  }

  #visible(task: TaskContext): readonly Candidate[] {
    return this.candidates(task).filter(({ description }) => !description.internal);
  }

  /** Throws TerminalError when none of the agents completes its task. */
  async #delegate(
    task: TaskContext,
    delegations: readonly Delegation[],
    answered: readonly Answered[],
  ): Promise<readonly CallResult[]> {
    // What people said when they were asked whom they want is not for the agent.
    const said = answered.filter(({ among }) => among === undefined).map(({ answer }) => ({ text: answer }));
    const wishes = CALL_EXTENSION in task.metadata ? { [CALL_EXTENSION]: task.metadata[CALL_EXTENSION] } : {};
    const calls = delegations.map(({ agent, reason, request }) => ({
      agent,
      input: request === undefined ? [...task.parts, ...said] : [{ text: request }, ...task.parts.filter(isAttachment)],
      metadata: { ...wishes, [DELEGATION_EXTENSION]: { by: task.agent, reason } },
      // What the others have to say is worth having.
      onFailure: delegations.length > 1 ? ('ignore' as const) : ('fail' as const),
    }));
    const results = await task.callAll(calls);
    const errors = results.flatMap(({ error }) => error ?? []);
    if (errors.length === results.length) throw new TerminalError(errors.join('\n') || 'No agent was chosen.');
    return results;
  }
}

function isAttachment({ text }: Part): boolean {
  return text === undefined;
}

/** What the agents have published, and what they have answered where that is something else. */
function answersOf(
  delegations: readonly Delegation[],
  results: readonly CallResult[],
): readonly (Delegation & { readonly artifact: Artifact })[] {
  return delegations.flatMap((delegation, index) => {
    const { artifacts = [], parts = [], error } = results[index] ?? {};
    const published = new Set(artifacts.flatMap((artifact) => artifact.parts.map(essenceOf)));
    const said = parts.filter((part) => !published.has(essenceOf(part)));
    const isNew = error === undefined && said.length > 0;
    const answer = isNew ? [{ artifactId: ANSWER, name: ANSWER, parts: said }] : [];
    return [...artifacts, ...answer].map((artifact) => ({ ...delegation, artifact }));
  });
}

/** What a data part is about, as far as the names of its fields say it. */
function fieldsOf(data: unknown): readonly string[] {
  return isObject(data) ? Object.keys(data) : [];
}
