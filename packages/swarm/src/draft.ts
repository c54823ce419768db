/** What the team has made of a brief so far. */
import type { Piece } from './campaign/piece.js';
import type { ChannelId } from './channels/channels.js';
import type { Research, Strategy } from './members/material.js';
import type { Review } from './members/reviewer.js';
import type { Team } from './team.js';

/** One piece for each channel, and what was last said of it by each reviewer. */
export interface Draft {
  /** When the campaign was begun, ISO 8601. */
  readonly at: string;
  readonly team: Team;
  readonly research: Research;
  readonly strategy: Strategy;
  readonly pieces: Map<ChannelId, Piece>;
  /** By reviewer and channel: `editor linkedin`. */
  readonly reviews: Map<string, Review>;
  /** What people wanted changed: their word supports what it says. */
  readonly asked: Set<string>;
}
