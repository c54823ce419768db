/** `marketing/researcher`: what is known of audience, competitors and the claims that the product can bear. */
import { A2AAgent, type TaskContext } from '@continuo/agent';
import { z } from 'zod';
import { briefSchema, type Brief } from '../brief/brief.js';
import { researchFromBrief, researchSchema, unique, type Research } from './material.js';
import { promptOf, SwarmMember, TEAM_RULES, type MemberAnswer } from './member.js';

const inputSchema = z.object({ brief: briefSchema });

@A2AAgent({
  type: 'marketing',
  name: 'researcher',
  internal: true,
  description:
    'Works out audience, competitors, keywords and the claims that a brief supports, and says what it rests on.',
  skills: [
    {
      id: 'research',
      name: 'Research a market',
      description:
        'Takes a brief as text or data; gives audience, competitors, claims with their sources, and keywords.',
      tags: ['marketing', 'research', 'audience', 'competitors', 'keywords'],
      examples: ['Product: Aqua, a bottle that cools by itself. Audience: hikers. Goal: 500 preorders.'],
    },
  ],
})
export class ResearcherAgent extends SwarmMember<z.output<typeof inputSchema>> {
  protected override readonly input = inputSchema;
  /** The MCP server of this name is the one that looks things up; others may do what a brief shouldn't be able to. */
  protected override readonly mcp = ['search'];
  protected override readonly context = `# Role
You are the researcher of a marketing team. From a brief you work out what the team needs to know.

# What you give
- audience: what matters to these people, what holds them back.
- competitors: those the brief names or that you know for certain, each with what sets it apart.
- claims: what may be said of the product. "source" is null for what the brief says, else the address of a page that you
  have read with a tool and that shows it. A claim with neither is left out.
- keywords: three to eight words or phrases that these people search for.
- basis: one sentence that says what this rests on; say plainly when nothing could be looked up.
${TEAM_RULES}`;

  protected override doing({ brief }: { brief: Brief }): string {
    return `Studying the market of ${brief.product.name}`;
  }

  protected override async work({ brief }: { brief: Brief }, task: TaskContext): Promise<MemberAnswer> {
    const research = this.offline ? researchFromBrief(brief) : await this.#asked(brief, task);
    const { claims, keywords, competitors, basis } = research;
    const said = `${claims.length} claims, ${keywords.length} keywords, ${competitors.length} competitors. ${basis}`;
    return { output: research, said };
  }

  async #asked(brief: Brief, task: TaskContext): Promise<Research> {
    const canSearch = await task.step('tools', async () => Object.keys(await this.allTools()).length > 0);
    const { object } = await this.generate(task, promptOf({ Brief: brief }), {
      name: 'research',
      schema: researchSchema,
      tools: canSearch,
    });
    const fromBrief = researchFromBrief(brief);
    return {
      ...object,
      // Without a way to look things up no page can have been read.
      claims: canSearch ? object.claims : object.claims.map(({ text }) => ({ text, source: null })),
      keywords: unique([...brief.keywords, ...object.keywords]),
      basis: canSearch
        ? object.basis
        : `From the brief and what the model knows; nothing was looked up. ${object.basis}`,
      audience: object.audience.length > 0 ? object.audience : fromBrief.audience,
    };
  }
}
