/** A piece edited by hand. What is written stays in this browser until it is saved; a version that came meanwhile is told. */
import { Button, Group, Stack, Text } from '@mantine/core';
import type { KeyboardEvent } from 'react';
import { campaignTexts } from '../../texts/campaign.js';
import { ContentForm } from './content-form.js';
import { standingOf, type Edit } from './edit.js';
import { isOver, limitsOf, shapeOf } from './limits.js';
import type { PieceFacts } from './piece-facts.js';
import { byWhom } from './versions.js';

interface PieceEditorProps {
  readonly name: string;
  readonly facts: PieceFacts;
  /** Of the newest. */
  readonly version: number;
  readonly edit: Edit;
  readonly saving: boolean;
  readonly onChange: (edit: Edit) => void;
  readonly onSave: () => void;
  readonly onClose: () => void;
}

export function PieceEditor({ name, facts, version, edit, saving, onChange, onSave, onClose }: PieceEditorProps) {
  const shape = shapeOf(facts.channel);
  const standing = standingOf(edit, facts.revision);
  const over = limitsOf(shape, edit.content).filter(isOver);
  const canSave = standing === 'fresh' && over.length === 0 && !saving;
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    if (canSave) onSave();
  };
  return (
    <form
      noValidate
      aria-label={campaignTexts.editPiece(name)}
      onKeyDown={onKey}
      onSubmit={(event) => {
        event.preventDefault();
        if (canSave) onSave();
      }}
    >
      <Stack gap="md">
        {standing === 'stale' ? (
          <div className="newer" role="alert">
            <Stack gap="sm">
              <Text fw={600}>{campaignTexts.newerTitle(version)}</Text>
              <Text size="sm">{campaignTexts.newerHint(byWhom(facts))}</Text>
              <Group gap="xs">
                <Button size="xs" variant="default" onClick={() => onChange({ ...edit, revision: facts.revision })}>
                  {campaignTexts.useMine}
                </Button>
                <Button size="xs" variant="default" onClick={onClose}>
                  {campaignTexts.useTheirs}
                </Button>
              </Group>
            </Stack>
          </div>
        ) : null}
        <ContentForm
          content={edit.content}
          shape={shape}
          label=""
          onChange={(content) => onChange({ ...edit, content })}
        />
        <Group gap="xs">
          <Button type="submit" loading={saving} disabled={standing !== 'fresh' || over.length > 0}>
            {campaignTexts.save}
          </Button>
          <Button variant="default" onClick={onClose}>
            {campaignTexts.discard}
          </Button>
          {over.length === 0 ? null : (
            <Text size="sm" className="over">
              {campaignTexts.shorten}
            </Text>
          )}
        </Group>
      </Stack>
    </form>
  );
}
