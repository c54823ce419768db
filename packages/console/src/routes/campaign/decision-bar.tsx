/** What becomes of the campaign: always in reach, and says before what it will do. */
import { Button, Group, Modal, Stack, Text, Textarea, Title } from '@mantine/core';
import { useState } from 'react';
import { useDraft } from '../../components/use-draft.js';
import { texts } from '../../texts.js';
import { campaignTexts } from '../../texts/campaign.js';
import type { Desk } from './desk.js';

interface DecisionBarProps {
  readonly taskId: string;
  readonly desk: Desk;
}

export function DecisionBar({ taskId, desk }: DecisionBarProps) {
  const [rejecting, setRejecting] = useState(false);
  const [reason, setReason, dropReason] = useDraft(`reason for ${taskId}`, '');
  const { approved, changes } = desk.review;
  const open = desk.pieces.filter(({ asked }) => asked !== undefined).length;
  const done = desk.pieces.length - open + approved.length;
  const isUnsaved = desk.unsaved.length > 0;
  const isWhole = changes.length === 0 && (approved.length === 0 || approved.length === open);
  return (
    <section className="decision-bar" aria-label={campaignTexts.review}>
      <div>
        <Title order={2}>{campaignTexts.review}</Title>
        <Text size="sm" c="dimmed" role="status">
          {[
            campaignTexts.approvedOf(done, desk.pieces.length),
            changes.length === 0 ? '' : campaignTexts.changesAsked(changes.length),
            isUnsaved ? campaignTexts.unsaved(desk.unsaved.join(', ')) : '',
          ]
            .filter((part) => part !== '')
            .join(' · ')}
        </Text>
      </div>
      <Group gap="xs">
        <Button variant="default" onClick={() => setRejecting(true)}>
          {campaignTexts.reject}
        </Button>
        {isWhole || changes.length > 0 ? null : (
          <Button variant="default" loading={desk.sending} disabled={isUnsaved} onClick={desk.sendAll}>
            {campaignTexts.approveAll}
          </Button>
        )}
        {isWhole ? (
          <Button loading={desk.sending} disabled={isUnsaved} onClick={desk.sendAll}>
            {campaignTexts.approveAll}
          </Button>
        ) : (
          <Button loading={desk.sending} disabled={isUnsaved} onClick={desk.send}>
            {labelOf(approved.length, changes.length)}
          </Button>
        )}
      </Group>
      <Modal opened={rejecting} onClose={() => setRejecting(false)} title={campaignTexts.rejectQuestion}>
        <Stack>
          <Text size="sm">{campaignTexts.rejectHint}</Text>
          <Textarea
            label={campaignTexts.reason}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setRejecting(false)}>
              {texts.common.cancel}
            </Button>
            <Button
              color="red.9"
              loading={desk.sending}
              onClick={() => {
                desk.reject(reason, dropReason);
                setRejecting(false);
              }}
            >
              {campaignTexts.reject}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </section>
  );
}

function labelOf(approved: number, changes: number): string {
  if (changes === 0) return campaignTexts.approveSome(approved);
  return approved === 0 ? campaignTexts.sendChanges(changes) : campaignTexts.sendBoth(approved, changes);
}
