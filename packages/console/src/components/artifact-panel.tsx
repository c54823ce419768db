/** An artifact as a document: its name and version, what is in it, and a way to keep it. */
import { ActionIcon, Badge, CopyButton, Group, Text, Title, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy, IconDownload } from '@tabler/icons-react';
import { memo } from 'react';
import type { ShownArtifact } from '../tasks/task-log.js';
import { textOf } from '../tasks/task-facts.js';
import { texts } from '../texts.js';
import { fileNameOf, save, toBlob } from './download.js';
import { Parts } from './parts.js';

interface ArtifactPanelProps {
  readonly shown: ShownArtifact;
  /** The level of its heading. */
  readonly order?: 2 | 3;
}

export const ArtifactPanel = memo(function ArtifactPanel({ shown, order = 3 }: ArtifactPanelProps) {
  const { artifact, version, complete } = shown;
  const name = artifact.name ?? texts.common.noName;
  const text = textOf(artifact.parts);
  const saveAll = (): void => {
    for (const part of artifact.parts) {
      const blob = toBlob(part);
      if (blob !== undefined) save(blob, fileNameOf(part, artifact));
    }
  };
  return (
    <section className="panel" aria-label={name}>
      <Group
        justify="space-between"
        wrap="nowrap"
        px="md"
        py="xs"
        style={{ borderBottom: '1px solid var(--console-line)' }}
      >
        <Group gap="xs" wrap="nowrap" miw={0}>
          <Title order={order} size="h3" className="one-line">
            {name}
          </Title>
          {version > 1 ? <Badge>{texts.task.version(version)}</Badge> : null}
          {complete ? null : <Badge>{texts.task.growing}</Badge>}
        </Group>
        <Group gap={4} wrap="nowrap">
          {text === '' ? null : <CopyText text={text} />}
          <Tooltip label={texts.common.download}>
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={saveAll}
              aria-label={`${texts.common.download}: ${name}`}
            >
              <IconDownload size={16} />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
      <div style={{ padding: 16 }}>
        {artifact.description === undefined ? null : (
          <Text size="sm" c="dimmed" mb="sm">
            {artifact.description}
          </Text>
        )}
        <Parts parts={artifact.parts} name={artifact.name} under={order} />
      </div>
    </section>
  );
});

export function CopyText({ text, label = texts.common.copy }: { readonly text: string; readonly label?: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? texts.common.copied : label}>
          <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={label}>
            {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
