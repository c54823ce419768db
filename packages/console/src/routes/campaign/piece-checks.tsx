/** The right column: what a piece is checked against, and what its reviewer says of it. */
import { Badge, Button, Group, Progress, Stack, Text, Textarea, Title } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { Task } from '@continuo/client';
import { campaignTexts } from '../../texts/campaign.js';
import { BriefFacts } from './brief-facts.js';
import type { Desk, DeskPiece } from './desk.js';
import { isOver, limitsOf, shapeOf, textsIn, type Limit } from './limits.js';

interface PieceChecksProps {
  readonly task: Task;
  readonly desk: Desk;
  readonly piece: DeskPiece;
}

export function PieceChecks({ task, desk, piece }: PieceChecksProps) {
  const { facts } = piece;
  // While somebody edits, what they write is measured.
  const content = desk.edit?.content ?? facts?.content;
  const limits = content === undefined ? [] : limitsOf(shapeOf(piece.id), content);
  return (
    <aside className="panel piece-checks" aria-label={`${campaignTexts.checks}: ${piece.name}`}>
      {piece.asked === undefined ? (
        piece.state === 'done' ? (
          <section>
            <Badge leftSection={<IconCheck size={12} aria-hidden />}>{campaignTexts.approved}</Badge>
          </section>
        ) : null
      ) : (
        <Verdict desk={desk} piece={piece} />
      )}
      <Remarks piece={piece} />
      {limits.length === 0 ? null : <Limits limits={limits} />}
      <section>
        <Title order={4} mb="xs">
          {campaignTexts.brief}
        </Title>
        <BriefFacts task={task} words={content === undefined ? '' : textsIn(content).join('\n')} />
      </section>
    </aside>
  );
}

function Verdict({ desk, piece }: Pick<PieceChecksProps, 'desk' | 'piece'>) {
  const isApproved = piece.state === 'approved';
  return (
    <section>
      <Stack gap="sm">
        {desk.marksPieces ? (
          <Button
            variant={isApproved ? 'filled' : 'default'}
            color="teal.9"
            leftSection={<IconCheck size={16} aria-hidden />}
            aria-pressed={isApproved}
            disabled={desk.edit !== undefined}
            onClick={desk.toggle}
          >
            {campaignTexts.approvePiece(piece.name)}
          </Button>
        ) : null}
        <Textarea
          label={campaignTexts.change(piece.name)}
          autosize
          minRows={2}
          maxRows={8}
          value={desk.note}
          onChange={(event) => desk.setNote(event.currentTarget.value)}
          data-note
        />
      </Stack>
    </section>
  );
}

function Remarks({ piece }: Pick<PieceChecksProps, 'piece'>) {
  const told =
    piece.facts?.remarks ?? (piece.asked?.findings ?? []).map((note) => ({ by: '', note, quote: undefined }));
  return (
    <section>
      <Title order={4} mb="xs">
        {campaignTexts.remarks}
      </Title>
      {told.length === 0 ? (
        <Text size="sm" c="dimmed">
          {campaignTexts.noRemarks}
        </Text>
      ) : (
        <ul className="remarks">
          {told.map(({ by, note, quote }, index) => (
            <li key={index}>
              <Text size="sm" className="any-line">
                {by === '' ? null : <strong>{campaignTexts.by(by)}: </strong>}
                {note}
              </Text>
              {quote === undefined ? null : (
                <Text size="sm" c="dimmed" component="blockquote" className="remark-quote any-line">
                  {quote}
                </Text>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Limits({ limits }: { readonly limits: readonly Limit[] }) {
  const over = limits.filter(isOver).length;
  return (
    <section>
      <Group justify="space-between" mb="xs">
        <Title order={4}>{campaignTexts.limits}</Title>
        <Text size="sm" className={over === 0 ? undefined : 'over'} c={over === 0 ? 'dimmed' : undefined}>
          {over === 0 ? campaignTexts.fits : campaignTexts.over(over)}
        </Text>
      </Group>
      {limits.map((limit) => (
        <div key={`${limit.path} ${limit.label}`} className="limit-row">
          <span className="one-line" title={limit.label}>
            {limit.label}
          </span>
          <Progress
            size="xs"
            value={Math.min(100, (limit.length / limit.max) * 100)}
            color={isOver(limit) ? 'red.8' : 'indigo'}
            aria-label={limit.label}
          />
          <span className={isOver(limit) ? 'numbers over' : 'numbers'}>
            {campaignTexts.count(limit.length, limit.max)}
          </span>
        </div>
      ))}
    </section>
  );
}
