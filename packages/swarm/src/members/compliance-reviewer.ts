/** `marketing/compliance-reviewer`: finds claims that nothing supports, and disclosures that are missing. */
import { A2AAgent, type TaskContext } from '@continuo/agent';
import { channelOf } from '../channels/channels.js';
import { complianceFindings } from '../review/compliance.js';
import { promptOf, TEAM_RULES, type MemberAnswer } from './member.js';
import { findingsOf, inWords, opinionSchema, ReviewerAgent, reviewOf, type ReviewInput } from './reviewer.js';

@A2AAgent({
  type: 'marketing',
  name: 'compliance-reviewer',
  internal: true,
  description: 'Finds claims that neither brief nor sources support, and disclosures that are missing from a piece.',
  skills: [
    {
      id: 'comply',
      name: 'Check claims and disclosures',
      description: 'Takes { brief, piece } or a text; gives each unsupported claim and each missing disclosure.',
      tags: ['marketing', 'compliance', 'claims', 'disclosures'],
      examples: ['The best bottle in the world cools 90 % faster.'],
    },
  ],
})
export class ComplianceReviewerAgent extends ReviewerAgent {
  protected override readonly context = `# Role
You are the compliance reviewer of a marketing team. You read one piece before it is published.

# What you look for
- Claims about the product, its effect, its price or its rivals that neither the brief nor a source supports.
- What misleads by leaving out: conditions, that something is advertising, risks.

# What you give
findings: one for each problem, with a note that says what is wrong; "quote" is the sentence as it stands in the piece or
null, "add" is the missing sentence or null. An empty list when there is none. Matters of taste are not yours.
Don't repeat what has been found already.
${TEAM_RULES}`;

  protected override doing({ piece }: ReviewInput): string {
    return `Checking the claims of ${channelOf(piece.channel).name}`;
  }

  protected override async work(input: ReviewInput, task: TaskContext): Promise<MemberAnswer> {
    const { brief, research, piece } = input;
    const sourced = (research?.claims ?? []).filter(({ source }) => source !== null).map(({ text }) => text);
    const found = complianceFindings(brief, piece, sourced);
    const prompt = promptOf({
      Brief: brief,
      'Claims with a source': research?.claims.filter(({ source }) => source !== null),
      'Found already': found,
      Piece: piece.content,
    });
    const opinion = this.offline
      ? []
      : findingsOf(
          (await this.generate(task, prompt, { name: `comply ${piece.channel}`, schema: opinionSchema })).object,
        );
    const review = reviewOf(piece, [...found, ...opinion]);
    return { output: review, said: inWords(review) };
  }
}
