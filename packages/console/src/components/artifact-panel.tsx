/** An artifact as a document: its name and version, what is in it, and a way to keep it. */
import { ActionIcon, Badge, Button, Group, Menu, Text, Title, Tooltip } from '@mantine/core';
import { IconChevronDown, IconDownload, IconHistory } from '@tabler/icons-react';
import { memo, useState } from 'react';
import { contentElsewhere } from '../tasks/artifact-content.js';
import type { ShownArtifact } from '../tasks/task-log.js';
import { textOf } from '@continuo/client/facts';
import { texts } from '../texts.js';
import { CopyText } from './copy-text.js';
import { fileNameOf, save, toBlob } from './download.js';
import { Parts } from './parts.js';
import { TooLarge, useKeep } from './too-large.js';

interface ArtifactPanelProps {
  readonly shown: ShownArtifact;
  /** The level of its heading. */
  readonly order?: 2 | 3;
  /** Finds out what it was before; where that is known, there is no need to ask. */
  readonly onHistory?: (() => void) | undefined;
  /** The number of the version is said even when there is no other. */
  readonly numbered?: boolean;
}

export const ArtifactPanel = memo(function ArtifactPanel({
  shown,
  order = 3,
  onHistory,
  numbered = false,
}: ArtifactPanelProps) {
  const { version, complete, earlier } = shown;
  const [chosen, setChosen] = useState<number>();
  const first = version - earlier.length;
  const artifact = (chosen === undefined ? undefined : earlier[chosen - first]) ?? shown.artifact;
  const name = artifact.name ?? texts.common.noName;
  const text = textOf(artifact.parts);
  const content = contentElsewhere(artifact);
  const keep = useKeep(artifact, content);
  const saveAll = (): void => {
    if (content !== undefined) return keep.mutate();
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
          {earlier.length > 0 ? (
            <Versions
              name={name}
              numbers={[...earlier.map((_, index) => first + index), version]}
              shown={artifact === shown.artifact ? version : (chosen ?? version)}
              onChoose={(number) => setChosen(number === version ? undefined : number)}
            />
          ) : version > 1 || numbered ? (
            <Badge flex="none">{texts.task.version(version)}</Badge>
          ) : null}
          {complete ? null : <Badge flex="none">{texts.task.growing}</Badge>}
        </Group>
        <Group gap={4} wrap="nowrap">
          {onHistory === undefined ? null : (
            <Tooltip label={texts.task.versions}>
              <ActionIcon
                variant="subtle"
                color="gray"
                onClick={onHistory}
                aria-label={`${texts.task.versions}: ${name}`}
              >
                <IconHistory size={16} />
              </ActionIcon>
            </Tooltip>
          )}
          {text === '' ? null : <CopyText text={text} />}
          <Tooltip label={texts.common.download}>
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={saveAll}
              loading={keep.isPending}
              disabled={content !== undefined && content.address === undefined}
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
        {content === undefined ? (
          <Parts parts={artifact.parts} name={artifact.name} under={order} />
        ) : (
          <TooLarge content={content} />
        )}
      </div>
    </section>
  );
});

interface VersionsProps {
  readonly name: string;
  readonly numbers: readonly number[];
  readonly shown: number;
  readonly onChoose: (version: number) => void;
}

/** The newest is the one that counts. */
function Versions({ name, numbers, shown, onChoose }: VersionsProps) {
  const newest = numbers.at(-1) ?? shown;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          variant={shown === newest ? 'default' : 'light'}
          size="compact-xs"
          flex="none"
          rightSection={<IconChevronDown size={12} aria-hidden />}
          aria-label={texts.task.versionOf(shown, newest, name)}
        >
          {texts.task.version(shown)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {numbers.toReversed().map((number) => (
          <Menu.Item key={number} onClick={() => onChoose(number)} aria-current={number === shown || undefined}>
            {number === newest ? texts.task.newest(number) : texts.task.version(number)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
