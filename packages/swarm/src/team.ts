/** The lead's side of its team: who is called with what, piece by piece, and what came back. */
import type { CallResult, TaskContext } from '@continuo/agent';
import type { Brief } from './brief/brief.js';
import { pieceSchema, type Finding, type Piece } from './campaign/piece.js';
import type { ChannelId } from './channels/channels.js';
import { researchSchema, strategySchema, type Research, type Strategy } from './members/material.js';
import { reviewSchema, type Review } from './members/reviewer.js';

/** Reviewers, in the order in which they see the pieces. */
export type Reviewer = 'editor' | 'seo-reviewer' | 'compliance-reviewer';

/** A member that fails is tried once more; then the campaign fails with its reason. */
const onFailure = { retries: 1 } as const;

export interface Rework {
  readonly piece: Piece;
  readonly findings: readonly Finding[];
}

export class Team {
  constructor(
    private readonly task: TaskContext,
    private readonly brief: Brief,
  ) {}

  async research(share: number): Promise<Research> {
    return researchSchema.parse((await this.#one('researcher', {}, share)).data);
  }

  async strategy(research: Research, share: number): Promise<Strategy> {
    return strategySchema.parse((await this.#one('strategist', { research }, share)).data);
  }

  write(strategy: Strategy, channels: readonly ChannelId[], share: number): Promise<readonly Piece[]> {
    return this.#pieces(
      channels.map((channel) => ({ strategy, channel })),
      share,
    );
  }

  rework(strategy: Strategy, work: readonly Rework[], share: number): Promise<readonly Piece[]> {
    const inputs = work.map(({ piece, findings }) => ({
      strategy,
      channel: piece.channel,
      previous: piece,
      findings,
    }));
    return this.#pieces(inputs, share);
  }

  async review(
    reviewer: Reviewer,
    material: { readonly research: Research; readonly strategy: Strategy },
    pieces: readonly Piece[],
    share: number,
  ): Promise<readonly Review[]> {
    const results = await this.#each(
      reviewer,
      pieces.map((piece) => ({ ...material, piece })),
      share,
    );
    return results.map(({ data }) => reviewSchema.parse(data));
  }

  publish(campaign: Readonly<Record<string, unknown>>, share: number): Promise<CallResult> {
    return this.#one('publisher', campaign, share);
  }

  async #pieces(inputs: readonly Readonly<Record<string, unknown>>[], share: number): Promise<readonly Piece[]> {
    return (await this.#each('copywriter', inputs, share)).map(({ data }) => pieceSchema.parse(data));
  }

  #one(member: string, input: Readonly<Record<string, unknown>>, share: number): Promise<CallResult> {
    return this.task.call(`marketing/${member}`, [{ data: { brief: this.brief, ...input } }], { share, onFailure });
  }

  #each(
    member: string,
    inputs: readonly Readonly<Record<string, unknown>>[],
    share: number,
  ): Promise<readonly CallResult[]> {
    const calls = inputs.map((input) => ({
      agent: `marketing/${member}`,
      input: [{ data: { brief: this.brief, ...input } }],
      onFailure,
    }));
    return this.task.callAll(calls, { share });
  }
}
