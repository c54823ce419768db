/** What an orchestrator decides on: who does what, or what it has to ask first. */
import type { AgentDescription } from '../a2a-agent.js';

/** An agent that an orchestrator may choose. */
export interface Candidate {
  /** `type/name`. */
  readonly key: string;
  readonly description: AgentDescription;
}

/** One agent's part of a message. */
export interface Delegation {
  /** `type/name`. */
  readonly agent: string;
  /** Why this one, in words for people. */
  readonly reason: string;
  /** What it is asked, in words; files and data of the message go with it. Default: the message as it came. */
  readonly request?: string | undefined;
}

/** What an orchestrator has to know from the user before it can choose. */
export interface Question {
  readonly question: string;
  /** The agents that people are to choose from; without them they say more about what they want. */
  readonly among?: readonly string[] | undefined;
}

/** JSON. At least one delegation; or a question, whose answer is there when it is decided again. */
export type Decision = readonly Delegation[] | Question;

/** A question that has been answered. */
export interface Answered extends Question {
  readonly answer: string;
}

export function isQuestion(decision: Decision): decision is Question {
  return 'question' in decision;
}
