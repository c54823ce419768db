/** `@A2AAgent`: what an agent class says about itself; its card is made from it. */
import 'reflect-metadata';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { conversationModes } from '../tasks/take-turn.js';
import { limitsSchema } from './agent-limits.js';
import { schedulesSchema } from './schedules/schedule.js';

const segment = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected lower-case letters, digits and dashes, as it is part of a URL');

export const skillSchema = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  description: z.string().min(1),
  tags: z.array(z.string()).default([]),
  examples: z.array(z.string()).default([]),
});

export const agentOptionsSchema = z.object({
  type: segment,
  name: segment,
  description: z.string().min(1),
  version: z.string().min(1).default('1.0.0'),
  skills: z.array(skillSchema).default([]),
  inputModes: z.array(z.string()).default(['text/plain', 'application/json']),
  outputModes: z.array(z.string()).default(['text/plain', 'application/json']),
  /** Whether it is there for other agents: an orchestrator chooses it only when a message names it. */
  internal: z.boolean().default(false),
  /**
   * What becomes of a message while another one to this agent in the same context is under way: it runs in `parallel`
   * (the default), is put behind it (`enqueue`), is refused (`reject`), or ends it (`interrupt`).
   */
  conversation: z.enum(conversationModes).default('parallel'),
  /** Milliseconds that one run may take. Default: CONTINUO_TASK_TIMEOUT_MS. */
  timeoutMs: z.int().positive().optional(),
  /** How much of its work may go on at the same time; tasks beyond it wait for their turn. Default: no limit. */
  limits: limitsSchema.optional(),
  /** Tasks that start by themselves. */
  schedules: schedulesSchema.default([]),
});

export type AgentOptions = z.input<typeof agentOptionsSchema>;
export type AgentDescription = Readonly<z.output<typeof agentOptionsSchema>>;

const KEY = 'continuo:agent';

/** Marks a class that extends one of the agent base classes; `type` and `name` are its address: `/agents/:type/:name`. */
export function A2AAgent(options: AgentOptions): ClassDecorator {
  return (target) => {
    Reflect.defineMetadata(KEY, options, target);
    Injectable()(target);
  };
}

/** The options given to `@A2AAgent`, unchecked; undefined for a class without it. Not inherited. */
export function agentOptionsOf(target: object): unknown {
  return Reflect.getOwnMetadata(KEY, target);
}
