/** `marketing/publisher`: makes the campaign package of the pieces that were approved. */
import { A2AAgent, type TaskContext } from '@continuo/agent';
import { z } from 'zod';
import { briefSchema } from '../brief/brief.js';
import { filesOf, startOf, type CampaignParts } from '../campaign/package.js';
import { pieceSchema } from '../campaign/piece.js';
import { channelOf } from '../channels/channels.js';
import { researchFromBrief, researchSchema, strategyFromBrief, strategySchema, withinBrief } from './material.js';
import { promptOf, SwarmMember, TEAM_RULES, type MemberAnswer } from './member.js';
import { reviewSchema } from './reviewer.js';

const inputSchema = z.object({
  brief: briefSchema,
  research: researchSchema.optional(),
  strategy: strategySchema.optional(),
  pieces: z.array(pieceSchema, { error: 'expected the pieces to publish' }).min(1),
  reviews: z.array(reviewSchema).default([]),
  approval: z.string().default('not asked for'),
  /** When the campaign was begun. Default: now. */
  at: z.iso.datetime().optional(),
});
type Input = z.output<typeof inputSchema>;

@A2AAgent({
  type: 'marketing',
  name: 'publisher',
  internal: true,
  description: 'Makes the package of a campaign: Markdown files, campaign.json, calendar, tracked links, budget.',
  skills: [
    {
      id: 'publish',
      name: 'Make the package',
      description:
        'Takes { brief, pieces }; gives a file for each piece, campaign.json, calendar (.ics, .csv), links, budget.',
      tags: ['marketing', 'publishing', 'calendar', 'utm', 'budget'],
      examples: ['{"brief": {"product": "Aqua", "audience": "hikers", "goal": "preorders"}, "pieces": []}'],
    },
  ],
})
export class PublisherAgent extends SwarmMember<Input> {
  protected override readonly input = inputSchema;
  protected override readonly context = `# Role
You are the publisher of a marketing team. You hand a finished campaign over to the people who ordered it.

# What you give
summary: two to four sentences: what the campaign says to whom, what is in the package, what to look at first.
${TEAM_RULES}`;

  protected override doing({ brief }: Input): string {
    return `Making the package of ${brief.product.name}`;
  }

  protected override async work(input: Input, task: TaskContext): Promise<MemberAnswer> {
    const { brief, research = researchFromBrief(brief) } = input;
    const strategy = withinBrief(brief, input.strategy ?? strategyFromBrief(brief, research));
    const at = input.at ?? (await task.step('date', () => new Date().toISOString()));
    const campaign: CampaignParts = { ...input, research, strategy, at };
    const files = filesOf(campaign, this.offline ? summaryOf(campaign) : await this.#asked(campaign, task));
    for (const { name, mediaType, description, content } of files) {
      const value = typeof content === 'string' ? { text: content } : { data: content };
      await task.artifact({ artifactId: name, name, description, parts: [{ ...value, filename: name, mediaType }] });
    }
    return { said: `The package of ${brief.product.name}: ${files.map(({ name }) => name).join(', ')}.` };
  }

  async #asked(campaign: CampaignParts, task: TaskContext): Promise<string> {
    const { brief, strategy, pieces, reviews } = campaign;
    const prompt = promptOf({
      Brief: brief,
      Strategy: strategy,
      Pieces: pieces.map(({ channel, content }) => ({ channel, content })),
      'Findings that are left': reviews.flatMap(({ findings }) => findings.map(({ note }) => note)),
    });
    const { object } = await this.generate(task, prompt, {
      name: 'summary',
      schema: z.object({ summary: z.string() }),
    });
    return object.summary;
  }
}

function summaryOf(campaign: CampaignParts): string {
  const { brief, pieces } = campaign;
  const names = pieces.map(({ channel }) => channelOf(channel).name).join(', ');
  return `The campaign for ${brief.product.name}, for ${brief.audience}, begins on ${startOf(campaign)}. It has drafts, assembled from the brief, for: ${names}.`;
}
