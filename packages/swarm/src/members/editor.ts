/** `marketing/editor`: reads a piece against the brief and the voice of the brand, and sends it back with notes. */
import { A2AAgent, type TaskContext } from '@continuo/agent';
import { channelOf } from '../channels/channels.js';
import { editorialFindings } from '../review/editorial.js';
import type { MemberAnswer } from './member.js';
import { promptOf, TEAM_RULES } from './member.js';
import { findingsOf, inWords, opinionSchema, ReviewerAgent, reviewOf, type ReviewInput } from './reviewer.js';

@A2AAgent({
  type: 'marketing',
  name: 'editor',
  internal: true,
  description: 'Reads a piece against the brief and the voice of the brand; accepts it or gives notes for a revision.',
  skills: [
    {
      id: 'edit',
      name: 'Edit a piece',
      description: 'Takes { brief, piece } or a text; gives a verdict and notes, each with the sentence it is about.',
      tags: ['marketing', 'editing', 'brand', 'voice'],
      examples: ['BUY NOW!!! The bottle that changes everything.'],
    },
  ],
})
export class EditorAgent extends ReviewerAgent {
  protected override readonly context = `# Role
You are the editor of a marketing team. You read one piece and decide whether it can go out.

# What you look at
- Does it say what the brief wants said, to these people, in this tone and language?
- Is it clear, concrete, free of clichés and repetition? Does it ask for one action?
- Is it right for its channel?

# What you give
findings: only what has to change, at most five, each with a note that tells the writer what to do; "quote" is the sentence
that has to go or null, "add" is the sentence that has to come or null. An empty list accepts the piece.
${TEAM_RULES}`;

  protected override doing({ piece }: ReviewInput): string {
    return `Reading ${channelOf(piece.channel).name}`;
  }

  protected override async work({ brief, strategy, piece }: ReviewInput, task: TaskContext): Promise<MemberAnswer> {
    const rules = editorialFindings(brief, piece);
    const opinion = this.offline ? [] : await this.#asked({ brief, strategy, piece }, task);
    const review = reviewOf(piece, [...rules, ...opinion]);
    return { output: review, said: inWords(review) };
  }

  async #asked({ brief, strategy, piece }: ReviewInput, task: TaskContext) {
    const { name, advice } = channelOf(piece.channel);
    const prompt = promptOf({
      Channel: `${name}. ${advice}`,
      Brief: brief,
      Messages: strategy?.messages,
      Version: String(piece.revision),
      Piece: piece.content,
    });
    return findingsOf(
      (await this.generate(task, prompt, { name: `edit ${piece.channel}`, schema: opinionSchema })).object,
    );
  }
}
