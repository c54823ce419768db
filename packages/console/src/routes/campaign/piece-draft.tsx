/** The left column: one piece as it is now or was before, or the form in which it is edited. */
import { ActionIcon, Button, Group, SegmentedControl, Text, Title, Tooltip } from '@mantine/core';
import { IconDownload, IconPencil } from '@tabler/icons-react';
import { useState } from 'react';
import { textOf } from '@continuo/client/facts';
import { CopyText } from '../../components/copy-text.js';
import { fileNameOf, save, toBlob } from '../../components/download.js';
import { contentElsewhere } from '../../tasks/artifact-content.js';
import { texts } from '../../texts.js';
import { campaignTexts } from '../../texts/campaign.js';
import type { Desk, DeskPiece } from './desk.js';
import { PieceEditor } from './piece-editor.js';
import { PieceView, viewsOf, type View } from './piece-views.js';
import { byWhom, VersionMenu, versionsOf } from './versions.js';

interface PieceDraftProps {
  readonly desk: Desk;
  readonly piece: DeskPiece;
  /** The name of what is marketed. */
  readonly product: string;
  readonly view: View;
  readonly onView: (view: View) => void;
}

export function PieceDraft({ desk, piece, product, view: wanted, onView }: PieceDraftProps) {
  const { name, file, shown, facts } = piece;
  const versions = versionsOf(shown);
  const [chosen, setChosen] = useState<number>();
  const newest = versions.at(-1);
  const version = versions.find(({ number }) => number === chosen) ?? newest;
  if (version === undefined || newest === undefined) return null;
  const { artifact } = version;
  const views = viewsOf(version, versions);
  const view = views.includes(wanted) ? wanted : 'text';
  const editing = desk.edit !== undefined && facts !== undefined;
  const keep = (): void => {
    for (const part of artifact.parts) {
      const blob = toBlob(part);
      if (blob !== undefined) save(blob, fileNameOf(part, artifact));
    }
  };
  const elsewhere = contentElsewhere(artifact);
  return (
    <section className="panel piece-draft" aria-label={file}>
      <div className="piece-head">
        <Group gap="xs" wrap="nowrap" miw={0}>
          <Title order={3} className="one-line">
            {name}
          </Title>
          {editing ? null : (
            <VersionMenu
              name={name}
              versions={versions}
              shown={version}
              onChoose={(number) => setChosen(number === newest.number ? undefined : number)}
            />
          )}
          <Text size="sm" c="dimmed" className="one-line" visibleFrom="xs">
            {byWhom(editing ? facts : version.facts)}
          </Text>
        </Group>
        {editing ? null : (
          <Group gap={4} wrap="nowrap">
            {piece.canEdit && version === newest ? (
              <Button
                variant="default"
                size="compact-sm"
                leftSection={<IconPencil size={14} aria-hidden />}
                aria-label={campaignTexts.editPiece(name)}
                onClick={desk.startEdit}
              >
                {campaignTexts.edit}
              </Button>
            ) : null}
            {elsewhere === undefined ? <CopyText text={textOf(artifact.parts)} /> : null}
            <Tooltip label={texts.common.download}>
              <ActionIcon
                variant="subtle"
                color="gray"
                onClick={keep}
                disabled={elsewhere !== undefined}
                aria-label={`${texts.common.download}: ${file}`}
              >
                <IconDownload size={16} />
              </ActionIcon>
            </Tooltip>
          </Group>
        )}
      </div>
      <div className="piece-body">
        {editing && desk.edit !== undefined ? (
          <PieceEditor
            name={name}
            facts={facts}
            version={newest.number}
            edit={desk.edit}
            saving={desk.sending}
            onChange={desk.changeEdit}
            onSave={desk.saveEdit}
            onClose={desk.dropEdit}
          />
        ) : (
          <>
            {views.length > 1 ? (
              <SegmentedControl
                size="xs"
                mb="md"
                aria-label={`${campaignTexts.view}: ${name}`}
                data={views.map((one) => ({ value: one, label: campaignTexts.views[one] }))}
                value={view}
                onChange={onView}
              />
            ) : null}
            {version === newest ? null : (
              <Text size="sm" c="dimmed" mb="sm">
                {campaignTexts.older}
              </Text>
            )}
            <PieceView view={view} version={version} versions={versions} product={product} />
          </>
        )}
      </div>
    </section>
  );
}
