/** `marketing/seo-reviewer`: measures a piece as search engines and readers do, and says what to mend. */
import { A2AAgent, type TaskContext } from '@continuo/agent';
import { channelOf } from '../channels/channels.js';
import { seoFindings, seoReportOf, type SeoReport } from '../review/seo.js';
import { researchFromBrief } from './material.js';
import { promptOf, TEAM_RULES, type MemberAnswer } from './member.js';
import { findingsOf, inWords, opinionSchema, ReviewerAgent, reviewOf, type ReviewInput } from './reviewer.js';

@A2AAgent({
  type: 'marketing',
  name: 'seo-reviewer',
  internal: true,
  description:
    'Measures title and description, coverage of keywords and readability of a piece, and says what to mend.',
  skills: [
    {
      id: 'seo',
      name: 'Measure for search engines',
      description: 'Takes { brief, piece } or a text; gives what it counted and computed, and findings.',
      tags: ['marketing', 'seo', 'keywords', 'readability'],
      examples: ['SEO of: Aqua is a bottle that cools water by itself.'],
    },
  ],
})
export class SeoReviewerAgent extends ReviewerAgent {
  protected override readonly context = `# Role
You are the SEO reviewer of a marketing team. The lengths, counts and scores that you are given were computed; take them as
they are and never guess others.

# What you give
findings: what has to change so that people who search for the keywords find the piece and understand what they will get.
At most three, each with a note that tells the writer what to do; "quote" is the sentence that has to go or null, "add" is
the sentence that has to come or null. An empty list accepts the piece. Don't repeat what has been found already.
${TEAM_RULES}`;

  protected override doing({ piece }: ReviewInput): string {
    return `Measuring ${channelOf(piece.channel).name}`;
  }

  protected override async work(input: ReviewInput, task: TaskContext): Promise<MemberAnswer> {
    const { brief, research = researchFromBrief(brief), piece } = input;
    const report = seoReportOf(piece, research.keywords, brief.language);
    const measured = seoFindings(piece, report);
    const asks = !this.offline && channelOf(piece.channel).searched;
    const opinion = asks ? await this.#asked(input, report, task) : [];
    const review = reviewOf(piece, [...measured, ...opinion], report);
    const ease = report.readingEase === null ? '' : ` Reading ease ${report.readingEase}.`;
    return {
      output: review,
      said: `${inWords(review)} Keywords covered: ${Math.round(report.coverage * 100)} %.${ease}`,
    };
  }

  async #asked({ brief, piece }: ReviewInput, report: SeoReport, task: TaskContext) {
    const found = seoFindings(piece, report).map(({ note }) => note);
    const prompt = promptOf({ Brief: brief, Computed: report, 'Found already': found, Piece: piece.content });
    return findingsOf(
      (await this.generate(task, prompt, { name: `seo ${piece.channel}`, schema: opinionSchema })).object,
    );
  }
}
