/** The phases of a campaign, and how far each is, from what its team does. */
import type { Task } from '@continuo/client';
import { agentOf, hasEnded, progressOf, stateOf } from '@continuo/client/facts';
import type { campaignTexts } from '../../texts/campaign.js';
import type { DeskPiece } from './desk.js';

export type PhaseName = keyof typeof campaignTexts.phases;

export interface Phase {
  readonly name: PhaseName;
  readonly state: 'done' | 'now' | 'failed' | 'next';
  /** `5/8`; empty where there is nothing to count. */
  readonly count: string;
}

const names: readonly PhaseName[] = ['research', 'strategy', 'writing', 'reviews', 'approval', 'package'];

const members: Readonly<Record<string, PhaseName>> = {
  'marketing/researcher': 'research',
  'marketing/strategist': 'strategy',
  'marketing/copywriter': 'writing',
  'marketing/editor': 'reviews',
  'marketing/seo-reviewer': 'reviews',
  'marketing/compliance-reviewer': 'reviews',
  'marketing/publisher': 'package',
};

export function phasesOf(task: Task, below: readonly Task[], pieces: readonly DeskPiece[]): readonly Phase[] {
  const team = below.filter((child) => progressOf(child).parentTaskId === task.id);
  const begun = new Set(team.map((child) => members[agentOf(child)]));
  // What is written again while people review belongs to their approval.
  const now: PhaseName = begun.has('package')
    ? 'package'
    : pieces.length > 0
      ? 'approval'
      : (names.findLast((name) => begun.has(name)) ?? 'research');
  const at = stateOf(task) === 'COMPLETED' ? names.length : names.indexOf(now);
  const isOver = hasEnded(stateOf(task));
  return names.map((name, index) => ({
    name,
    state: index < at ? 'done' : index > at ? 'next' : isOver ? 'failed' : 'now',
    count: index === at ? countOf(name, team, pieces) : '',
  }));
}

function countOf(name: PhaseName, team: readonly Task[], pieces: readonly DeskPiece[]): string {
  if (name === 'approval') {
    const approved = pieces.filter(({ state }) => state === 'approved' || state === 'done').length;
    return `${approved}/${pieces.length}`;
  }
  if (name !== 'writing') return '';
  const writing = team.filter((child) => members[agentOf(child)] === name);
  return `${writing.filter((child) => hasEnded(stateOf(child))).length}/${writing.length}`;
}
