/** `marketing/strategist`: positioning, messages, the plan for the channels, and what success is measured by. */
import { A2AAgent, type TaskContext } from '@continuo/agent';
import { z } from 'zod';
import { briefSchema } from '../brief/brief.js';
import { channelOf } from '../channels/channels.js';
import {
  researchFromBrief,
  researchSchema,
  strategyFromBrief,
  strategySchema,
  withinBrief,
  type Strategy,
} from './material.js';
import { promptOf, SwarmMember, TEAM_RULES, type MemberAnswer } from './member.js';

const inputSchema = z.object({ brief: briefSchema, research: researchSchema.optional() });
type Input = z.output<typeof inputSchema>;

@A2AAgent({
  type: 'marketing',
  name: 'strategist',
  internal: true,
  description: 'Positions a product: from a brief to messages, the role, day and budget of each channel, and KPIs.',
  skills: [
    {
      id: 'strategy',
      name: 'Position a product',
      description: 'Takes a brief, with or without research; gives positioning, messages, channels and KPIs.',
      tags: ['marketing', 'strategy', 'positioning', 'kpi'],
      examples: ['Positioning for Aqua, a bottle that cools water, for hikers.'],
    },
  ],
})
export class StrategistAgent extends SwarmMember<Input> {
  protected override readonly input = inputSchema;
  protected override readonly context = `# Role
You are the strategist of a marketing team. You decide what the campaign says, where and when.

# What you give
- positioning: one sentence: for whom, what, and why rather than something else. At most 80 characters.
- messages: three to six, the most important first, each one sentence that the brief or a claim supports.
- channelPlan: one entry for each channel of the brief and no other: its role, the day on which it starts (days after the
  start of the campaign), and its weight in the budget, relative to the others.
- kpis: for each, what is measured and a target. Where the brief gives no figures, the target says how to set one.
${TEAM_RULES}`;

  protected override doing({ brief }: Input): string {
    return `Planning the campaign for ${brief.product.name}`;
  }

  protected override async work(
    { brief, research = researchFromBrief(brief) }: Input,
    task: TaskContext,
  ): Promise<MemberAnswer> {
    const plan = this.offline ? strategyFromBrief(brief, research) : await this.#asked({ brief, research }, task);
    const strategy = withinBrief(brief, plan);
    const names = strategy.channelPlan.map(({ channel }) => channelOf(channel).name).join(', ');
    return { output: strategy, said: `${strategy.positioning}. Channels: ${names}.` };
  }

  async #asked({ brief, research }: Input, task: TaskContext): Promise<Strategy> {
    const usual = brief.channels
      .map(channelOf)
      .map(({ id, days, budgetWeight }) => ({ id, day: days[0], budgetWeight }));
    const prompt = promptOf({ Brief: brief, Research: research, 'Usual days and weights': usual });
    return (await this.generate(task, prompt, { name: 'strategy', schema: strategySchema })).object;
  }
}
