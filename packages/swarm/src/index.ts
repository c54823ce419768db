/** The marketing swarm: the lead and its members, to be registered with a Continuo server.
 *
 * @module @continuo/swarm
 */
import type { A2AAgentBaseService } from '@continuo/agent';
import { ComplianceReviewerAgent } from './members/compliance-reviewer.js';
import { CopywriterAgent } from './members/copywriter.js';
import { EditorAgent } from './members/editor.js';
import { PublisherAgent } from './members/publisher.js';
import { ResearcherAgent } from './members/researcher.js';
import { SeoReviewerAgent } from './members/seo-reviewer.js';
import { StrategistAgent } from './members/strategist.js';
import { SwarmAgent } from './swarm.js';

/**
 * The lead, `marketing/swarm`, and its members, which it calls by their addresses: all are registered together.
 *
 * @example
 * await startServer({ agents: [...agents] });
 */
export const agents: readonly (new () => A2AAgentBaseService)[] = [
  SwarmAgent,
  ResearcherAgent,
  StrategistAgent,
  CopywriterAgent,
  EditorAgent,
  SeoReviewerAgent,
  ComplianceReviewerAgent,
  PublisherAgent,
];
