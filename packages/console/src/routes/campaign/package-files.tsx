/** The files of a campaign beside its pieces: listed, opened one by one, downloaded together. */
import { Button, Group, Text } from '@mantine/core';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useState } from 'react';
import { ArtifactPanel } from '../../components/artifact-panel.js';
import { fileNameOf, save, toBlob } from '../../components/download.js';
import { contentElsewhere, fetchContent } from '../../tasks/artifact-content.js';
import type { ShownArtifact } from '../../tasks/task-log.js';
import { texts } from '../../texts.js';
import { marketingTexts } from '../../texts/marketing.js';

export function PackageFiles({ files }: { readonly files: readonly ShownArtifact[] }) {
  return (
    <section className="panel" aria-label={marketingTexts.files}>
      {files.map((shown) => (
        <PackageFile key={shown.artifact.artifactId} shown={shown} />
      ))}
    </section>
  );
}

function PackageFile({ shown }: { readonly shown: ShownArtifact }) {
  const [open, setOpen] = useState(false);
  const { name = texts.common.noName, description } = shown.artifact;
  const Icon = open ? IconChevronDown : IconChevronRight;
  return (
    <div className="package-file">
      <Group gap="sm" wrap="nowrap" px="md" py={8}>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<Icon size={14} aria-hidden />}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          {name}
        </Button>
        <Text size="sm" c="dimmed" className="one-line">
          {description}
        </Text>
      </Group>
      {open ? (
        <div style={{ padding: '0 16px 16px' }}>
          <ArtifactPanel shown={shown} />
        </div>
      ) : null}
    </div>
  );
}

export function DownloadAll({ shown, id }: { readonly shown: readonly ShownArtifact[]; readonly id: string }) {
  const download = async (): Promise<void> => {
    const { zipSync } = await import('fflate');
    const files: Record<string, Uint8Array> = {};
    for (const { artifact } of shown) {
      const address = contentElsewhere(artifact)?.address;
      if (address !== undefined) {
        files[fileNameOf({}, artifact)] = new Uint8Array(await (await fetchContent(address)).arrayBuffer());
      }
      for (const part of artifact.parts) {
        const blob = toBlob(part);
        if (blob !== undefined) files[fileNameOf(part, artifact)] = new Uint8Array(await blob.arrayBuffer());
      }
    }
    save(new Blob([zipSync(files)], { type: 'application/zip' }), `campaign-${id.slice(-6)}.zip`);
  };
  return (
    <Button disabled={shown.length === 0} onClick={() => void download()}>
      {marketingTexts.downloadAll}
    </Button>
  );
}
