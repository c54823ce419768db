/** The versions of a piece: which one is shown, and whose work each is. */
import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import type { Artifact } from '@continuo/client';
import type { ShownArtifact } from '../../tasks/task-log.js';
import { campaignTexts } from '../../texts/campaign.js';
import { pieceIn, type PieceFacts } from './piece-facts.js';

export interface Version {
  readonly number: number;
  readonly artifact: Artifact;
  readonly facts: PieceFacts | undefined;
}

/** Oldest first; the last is the one that counts. */
export function versionsOf({ artifact, version, earlier }: ShownArtifact): readonly Version[] {
  return [...earlier, artifact].map((one, index) => ({
    number: version - earlier.length + index,
    artifact: one,
    facts: pieceIn(one),
  }));
}

/** `edited by you` */
export function byWhom(facts: PieceFacts | undefined): string {
  if (facts === undefined) return '';
  if (facts.editedBy !== undefined) {
    return facts.editedBy === 'owner' ? campaignTexts.editedByYou : campaignTexts.editedBy(facts.editedBy);
  }
  return facts.writtenBy === undefined ? campaignTexts.assembled : campaignTexts.writtenBy(facts.writtenBy);
}

interface VersionMenuProps {
  readonly name: string;
  readonly versions: readonly Version[];
  readonly shown: Version;
  readonly onChoose: (number: number) => void;
}

export function VersionMenu({ name, versions, shown, onChoose }: VersionMenuProps) {
  const newest = versions.at(-1)?.number ?? shown.number;
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button
          variant={shown.number === newest ? 'default' : 'light'}
          size="compact-xs"
          flex="none"
          rightSection={<IconChevronDown size={12} aria-hidden />}
          aria-label={campaignTexts.versionOf(shown.number, newest, name)}
        >
          {campaignTexts.version(shown.number)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {versions.toReversed().map(({ number, facts }) => (
          <Menu.Item key={number} onClick={() => onChoose(number)} aria-current={number === shown.number || undefined}>
            {facts === undefined ? campaignTexts.version(number) : campaignTexts.versionBy(number, byWhom(facts))}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
