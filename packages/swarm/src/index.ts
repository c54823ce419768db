/** The marketing swarm: the lead and its members, to be registered with a Continuo server. */
import { ComplianceReviewerAgent } from './members/compliance-reviewer.js';
import { CopywriterAgent } from './members/copywriter.js';
import { EditorAgent } from './members/editor.js';
import { PublisherAgent } from './members/publisher.js';
import { ResearcherAgent } from './members/researcher.js';
import { SeoReviewerAgent } from './members/seo-reviewer.js';
import { StrategistAgent } from './members/strategist.js';
import { SwarmAgent } from './swarm.js';

/** All of them: the lead calls the others by their addresses. */
export const agents = [
  SwarmAgent,
  ResearcherAgent,
  StrategistAgent,
  CopywriterAgent,
  EditorAgent,
  SeoReviewerAgent,
  ComplianceReviewerAgent,
  PublisherAgent,
];
