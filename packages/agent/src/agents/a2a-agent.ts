/** `@A2AAgent`: what an agent class says about itself; its card is made from it. */
import 'reflect-metadata';
import { z } from 'zod';
import { AGENT_SEGMENT } from '../platform/agent-name.js';
import { isObject } from '../platform/json-object.js';
import { conversationModes } from '../tasks/conversation-modes.js';
import { limitsSchema } from './agent-limits.js';
import { schedulesSchema } from './schedules/schedule.js';

const segment = z
  .string()
  .regex(AGENT_SEGMENT, 'expected lower-case letters, digits and dashes, as it is part of a URL');

const url = z.url({ protocol: /^https?$/, error: 'expected an http or https URL' });
const modes = z.array(z.string().min(1));
/** A card has to name some. */
const cardModes = modes.min(1, 'expected at least one media type');

/** As A2A's cards have it: all the schemes of one of them are needed, each with its scopes. */
const securityRequirement = z.object({
  schemes: z.record(z.string(), z.object({ list: z.array(z.string()).default([]) })),
});

const providerSchema = z.object({ organization: z.string().min(1), url });

const extensionSchema = z.object({
  uri: z.string().min(1),
  description: z.string().default(''),
  /** Whether calls that don't name it in `A2A-Extensions` are refused. Default false. */
  required: z.boolean().default(false),
  params: z.record(z.string(), z.unknown()).optional(),
});

export const skillSchema = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  description: z.string().min(1),
  tags: z.array(z.string()).default([]),
  examples: z.array(z.string()).default([]),
  /** Media types, where they are others than the agent's. */
  inputModes: modes.default([]),
  outputModes: modes.default([]),
  /** Who may use it, by the security schemes on the card; said, not enforced. */
  securityRequirements: z.array(securityRequirement).default([]),
  /**
   * Who is told of it: `everyone` (the default) by the public card, or `authenticated`: whoever has proved who they are, by the
   * extended card. It hides the skill and protects nothing: what a caller may do is for the agent to check.
   */
  visibleTo: z.enum(['everyone', 'authenticated']).default('everyone'),
});

export const agentOptionsSchema = z.object({
  type: segment,
  name: segment,
  description: z.string().min(1),
  /** What its card calls it. Default: `type/name`. */
  displayName: z.string().min(1).optional(),
  /** Who offers it. Default: Continuo, at this server's address. */
  provider: providerSchema.optional(),
  iconUrl: url.optional(),
  documentationUrl: url.optional(),
  /**
   * Extensions of A2A that it knows beside the server's own. It finds those that a call asks for in `task.extensions`; a
   * call that lacks a required one is refused with EXTENSION_SUPPORT_REQUIRED.
   */
  extensions: z.array(extensionSchema).default([]),
  /** Whether A2A's clients may stream its tasks. Default true. */
  streaming: z.boolean().default(true),
  /** Whether A2A's clients may have notifications pushed. Default true. */
  pushNotifications: z.boolean().default(true),
  /**
   * Whether A2A's clients get its answer as a Message, without a task: after `SendMessage` and as the one event of a stream,
   * as soon as it is done, also where they don't want to wait. A question, a failure, and what takes longer than a call may
   * wait, is a task all the same. A2A's lists have none that was answered so. Default false.
   */
  replyWithMessage: z.boolean().default(false),
  /**
   * Of the agent's code: raise it when tasks that are under way can't go on with the new code. On the card, and on each
   * task as `metadata.agentVersion`, the version that ran it last. Ordered as Semantic Versioning has it. Default `1.0.0`.
   */
  version: z.string().min(1).default('1.0.0'),
  /**
   * Which tasks a new version goes on with. `latest` (the default): with those of older versions too; an older version
   * takes none of a newer one while an instance with a newer one lives. `pinned`: a task stays with the version that
   * began it as long as an instance has that; only then does another one take it.
   *
   * Several versions of an agent may be on one server, under one address: new tasks go to the newest, and all but the
   * newest must be pinned.
   *
   * @example
   * ```ts
   * @A2AAgent({ type: 'shop', name: 'refunds', version: '1.4.0', deploys: 'pinned', description: '…' })
   * export class RefundsAgent1 extends A2AAgentBaseService { … }  // ends what it has begun
   *
   * @A2AAgent({ type: 'shop', name: 'refunds', version: '2.0.0', deploys: 'pinned', description: '…' })
   * export class RefundsAgent extends A2AAgentBaseService { … }   // begins every new task
   * ```
   */
  deploys: z.enum(['latest', 'pinned']).default('latest'),
  skills: z.array(skillSchema).default([]),
  inputModes: cardModes.default(['text/plain', 'application/json']),
  outputModes: cardModes.default(['text/plain', 'application/json']),
  /**
   * Whether facts and preferences are drawn from what users say to it, after their turns, and kept for `task.memory`; an agent
   * with a language model is shown what fits to each turn. It needs a language model. Default false.
   */
  memory: z.boolean().default(false),
  /**
   * Whether callers may offer its language model tools of theirs, beside its own: when the model wants one, the task asks,
   * the client runs it, and the task goes on with the result. Default false.
   */
  clientTools: z.boolean().default(false),
  /** Whether it is there for other agents: an orchestrator chooses it only when a message names it. */
  internal: z.boolean().default(false),
  /**
   * What becomes of a message while another one to this agent in the same context is under way: it runs in `parallel`
   * (the default), is put behind it (`enqueue`), is refused (`reject`), or ends it (`interrupt`).
   */
  conversation: z.enum(conversationModes).default('parallel'),
  /** Milliseconds that one run may take. Default: CONTINUO_TASK_TIMEOUT_MS. */
  timeoutMs: z.int().positive().optional(),
  /**
   * Tokens of language models, input and output, that one of its tasks may take with all that it calls. When they are
   * used up, no model is asked any more, and the task fails. A call may say less (`maxTokens`). Default: any number.
   */
  maxTokens: z.int().positive().optional(),
  /** US dollars, the same; only calls of models count that a price is known of. Default: any amount. */
  maxCost: z.number().positive().optional(),
  /** How much of its work may go on at the same time; tasks beyond it wait for their turn. Default: no limit. */
  limits: limitsSchema.optional(),
  /** Tasks that start by themselves. */
  schedules: schedulesSchema.default([]),
});

/** As a class has it written down: a name that there isn't is a slip of the pen. */
export const writtenOptionsSchema = agentOptionsSchema
  .extend({
    provider: providerSchema.strict().optional(),
    extensions: z.array(extensionSchema.strict()).default([]),
    skills: z.array(skillSchema.strict()).default([]),
  })
  .strict();

/** What `@A2AAgent` is told of an agent; what is left out has the default that its field names. @useDeclaredType */
export type AgentOptions = z.input<typeof agentOptionsSchema>;
/** What is known of an agent: its options, with the defaults filled in. @useDeclaredType */
export type AgentDescription = Readonly<z.output<typeof agentOptionsSchema>>;

const KEY = 'continuo:agent';

/**
 * Marks a class that extends one of the agent base classes; `type` and `name` are its address: `/agents/:type/:name`.
 * Options that are wrong, and an address and version that another class has, stop the start with AGENT_INVALID.
 *
 * @example
 * ```ts
 * @A2AAgent({ type: 'shop', name: 'refunds', version: '2.1.0', description: 'Refunds orders.' })
 * export class RefundsAgent extends A2AAgentBaseService {
 *   async execute(task: TaskContext) { … }
 * }
 * ```
 */
export function A2AAgent(options: AgentOptions): ClassDecorator {
  return (target) => {
    Reflect.defineMetadata(KEY, options, target);
  };
}

/** The options given to `@A2AAgent`, unchecked; undefined for a class without it. Not inherited. */
export function agentOptionsOf(target: object): unknown {
  return Reflect.getOwnMetadata(KEY, target);
}

/** Whether a class says that the option is true. */
export function declares(target: object, option: 'memory' | 'clientTools'): boolean {
  const options = agentOptionsOf(target);
  return isObject(options) && options[option] === true;
}
