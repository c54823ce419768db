/** The phases of a campaign in a row: done, going on, and still to come. */
import { Loader } from '@mantine/core';
import { IconCheck, IconCircle, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { Task } from '@continuo/client';
import { isWaiting, stateOf } from '@continuo/client/facts';
import { campaignTexts } from '../../texts/campaign.js';
import { descendants } from '../tasks/task-queries.js';
import type { DeskPiece } from './desk.js';
import { phasesOf, type Phase } from './phases.js';

interface PhaseListProps {
  readonly task: Task;
  readonly pieces: readonly DeskPiece[];
}

export function PhaseList({ task, pieces }: PhaseListProps) {
  const below = useQuery(descendants(task.id));
  if (below.data === undefined) return null;
  const waits = isWaiting(stateOf(task));
  return (
    <ol className="phases" aria-label={campaignTexts.phasesLabel}>
      {phasesOf(task, below.data, pieces).map((phase) => (
        <li
          key={phase.name}
          data-phase={phase.state}
          aria-current={phase.state === 'now' ? 'step' : undefined}
          aria-label={`${campaignTexts.phases[phase.name]}: ${campaignTexts.phaseStates[phase.state]} ${phase.count}`.trim()}
        >
          <PhaseIcon state={phase.state} waits={waits} />
          <span>{campaignTexts.phases[phase.name]}</span>
          {phase.count === '' ? null : <span className="numbers">{phase.count}</span>}
        </li>
      ))}
    </ol>
  );
}

function PhaseIcon({ state, waits }: { readonly state: Phase['state']; readonly waits: boolean }) {
  if (state === 'done') return <IconCheck size={16} color="var(--mantine-color-green-7)" aria-hidden />;
  if (state === 'failed') return <IconX size={16} color="var(--mantine-color-error)" aria-hidden />;
  if (state === 'now' && !waits) return <Loader size={14} aria-hidden />;
  return (
    <IconCircle size={14} color={state === 'now' ? 'var(--mantine-color-orange-6)' : 'currentColor'} aria-hidden />
  );
}
