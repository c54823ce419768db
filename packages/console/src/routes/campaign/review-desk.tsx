/** The pieces of a campaign, one in front beside what it is checked against, by pointer and by keyboard. */
import { Kbd, Stack, Text } from '@mantine/core';
import { IconCheck, IconCircle, IconMessage } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import type { Task } from '@continuo/client';
import { useShortcuts, useShortcutsOn } from '../../shell/shortcuts.js';
import { texts } from '../../texts.js';
import { campaignTexts } from '../../texts/campaign.js';
import { DecisionBar } from './decision-bar.js';
import type { Desk, DeskPiece } from './desk.js';
import { PieceChecks } from './piece-checks.js';
import { PieceDraft } from './piece-draft.js';
import type { View } from './piece-views.js';
import { nameOf } from '../marketing/campaigns.js';

interface ReviewDeskProps {
  readonly task: Task;
  readonly desk: Desk;
}

export function ReviewDesk({ task, desk }: ReviewDeskProps) {
  const place = useRef<HTMLDivElement>(null);
  const [on] = useShortcutsOn();
  const [view, setView] = useState<View>('preview');
  const { pieces, current } = desk;
  const move = (by: number): void => {
    const at = pieces.findIndex(({ id }) => id === current?.id);
    const next = pieces[Math.max(0, Math.min(pieces.length - 1, at + by))];
    if (next === undefined) return;
    desk.choose(next.id);
    place.current?.querySelector<HTMLElement>(`[data-piece="${next.id}"]`)?.focus();
  };
  const { keys } = campaignTexts;
  useShortcuts(
    [
      { keys: 'j', does: campaignTexts.next, run: () => move(1) },
      { keys: 'k', does: campaignTexts.previous, run: () => move(-1) },
      {
        keys: 'a',
        does: campaignTexts.approve,
        run: () => {
          if (current?.asked === undefined || desk.edit !== undefined) return;
          const wasApproved = current.state === 'approved';
          desk.toggle();
          if (!wasApproved) move(1);
        },
      },
      { keys: 'e', does: campaignTexts.edit, run: () => desk.edit === undefined && desk.startEdit() },
      {
        keys: 'd',
        does: campaignTexts.views.changes,
        run: () => setView((before) => (before === 'changes' ? 'preview' : 'changes')),
      },
      { keys: 'c', does: keys.comment, run: () => place.current?.querySelector<HTMLElement>('[data-note]')?.focus() },
    ],
    on && desk.isAsked,
  );
  const send = useRef(desk.send);
  useEffect(() => {
    send.current = () => {
      if (desk.isAsked && desk.unsaved.length === 0 && !desk.sending) desk.send();
    };
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isSend = event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.defaultPrevented;
      if (!isSend || document.querySelector('[aria-modal=true]') !== null) return;
      event.preventDefault();
      send.current();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  if (current === undefined) return null;
  return (
    <Stack gap="md" ref={place}>
      <nav aria-label={campaignTexts.outline}>
        <ol className="piece-outline">
          {pieces.map((piece) => (
            <li key={piece.id}>
              <button
                type="button"
                className="piece-tab"
                data-piece={piece.id}
                aria-current={piece.id === current.id}
                onClick={() => desk.choose(piece.id)}
              >
                <StateIcon piece={piece} isAsked={desk.isAsked} />
                {piece.name}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      <div className="piece-columns">
        <PieceDraft key={current.id} desk={desk} piece={current} product={nameOf(task)} view={view} onView={setView} />
        <PieceChecks task={task} desk={desk} piece={current} />
      </div>
      {desk.isAsked ? <DecisionBar taskId={task.id} desk={desk} /> : null}
      {desk.isAsked && on ? (
        <Text size="xs" c="dimmed" visibleFrom="sm">
          <Kbd size="xs">j</Kbd> <Kbd size="xs">k</Kbd> {keys.next} · <Kbd size="xs">a</Kbd> {keys.approve} ·{' '}
          <Kbd size="xs">e</Kbd> {keys.edit} · <Kbd size="xs">d</Kbd> {keys.changes} · <Kbd size="xs">c</Kbd>{' '}
          {keys.comment} · <Kbd size="xs">{texts.shortcuts.keyNames.ctrl}</Kbd>{' '}
          <Kbd size="xs">{texts.shortcuts.keyNames.enter}</Kbd> {keys.send}
        </Text>
      ) : null}
    </Stack>
  );
}

function StateIcon({ piece, isAsked }: { readonly piece: DeskPiece; readonly isAsked: boolean }) {
  if (!isAsked) return null;
  const { state } = piece;
  if (state === 'approved' || state === 'done') {
    return <IconCheck size={14} color="var(--mantine-color-green-7)" aria-label={campaignTexts.approved} />;
  }
  if (state === 'noted') return <IconMessage size={14} aria-label={campaignTexts.noted} />;
  return <IconCircle size={12} aria-label={campaignTexts.unseen} />;
}
