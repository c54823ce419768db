/** The parts of a message or an artifact, each in the way that suits it. */
import './rendered/rendered.css';
import { Anchor, Button, Image, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { Part } from '@continuo/client';
import { parsed } from '../tasks/said-as-part.js';
import { startOf } from './cut-text.js';
import { bytes, fileNameOf, kindOf, save, toBlob, type TextKind } from './download.js';
import { Markdown } from './markdown.js';
import { isPicture, useObjectUrl } from './pictures.js';
import { CodeBlock } from './rendered/code-block.js';
import { JsonView } from './rendered/json-view.js';
import { TableText } from './rendered/table-text.js';
import { MOST_SHOWN, Truncated } from './truncated.js';

interface PartsProps {
  readonly parts: readonly Part[];
  /** Of the artifact. */
  readonly name?: string | undefined;
  /** The level of the heading above. */
  readonly under?: number;
}

export function Parts({ parts, name, under = 2 }: PartsProps) {
  return (
    <Stack gap="sm">
      {parts.map((part, index) => (
        <PartView key={index} part={part} name={name} under={under} />
      ))}
    </Stack>
  );
}

interface PartViewProps {
  readonly part: Part;
  readonly name: string | undefined;
  readonly under: number;
}

function PartView({ part, name, under }: PartViewProps) {
  if (part.text !== undefined) return <TextPart part={part} text={part.text} name={name} under={under} />;
  if (part.raw !== undefined) return <FilePart part={part} />;
  if (part.url !== undefined) return <Elsewhere url={part.url} name={part.filename} />;
  return <JsonView value={part.data} />;
}

function TextPart({ part, text, name, under }: PartViewProps & { readonly text: string }) {
  const shown = startOf(text, MOST_SHOWN);
  return (
    <>
      <TextAs kind={kindOf(part, name)} text={shown} under={under} />
      {shown === text ? null : <Truncated whole={text.length} />}
    </>
  );
}

interface TextAsProps {
  readonly kind: TextKind;
  readonly text: string;
  readonly under: number;
}

function TextAs({ kind, text, under }: TextAsProps) {
  if (kind === 'markdown') return <Markdown text={text} under={under} />;
  if (kind === 'csv') return <TableText text={text} separatedBy="csv" />;
  if (kind === 'tsv') return <TableText text={text} separatedBy="tsv" />;
  if (kind === 'json') return <JsonText text={text} />;
  return kind === 'txt' || kind === '' ? <Code text={text} /> : <CodeBlock text={text} language={kind} />;
}

function JsonText({ text }: { readonly text: string }) {
  const value = useMemo(() => parsed(text), [text]);
  return value === undefined ? <CodeBlock text={text} language="json" /> : <JsonView value={value} text={text} />;
}

export function Code({ text }: { readonly text: string }) {
  const shown = startOf(text, MOST_SHOWN);
  return (
    <>
      <pre className="code" tabIndex={0}>
        {shown}
      </pre>
      {shown.length === text.length ? null : <Truncated whole={text.length} />}
    </>
  );
}

function FilePart({ part }: { readonly part: Part }) {
  const blob = useMemo(() => toBlob(part), [part]);
  if (blob === undefined) return null;
  const name = fileNameOf(part, { artifactId: 'file' });
  return (
    <Stack gap="xs" align="flex-start">
      {isPicture(part.mediaType ?? '') ? <Picture blob={blob} name={name} /> : null}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconDownload size={14} aria-hidden />}
        onClick={() => save(blob, name)}
      >
        {name} ({bytes(blob.size)})
      </Button>
    </Stack>
  );
}

function Picture({ blob, name }: { readonly blob: Blob; readonly name: string }) {
  const url = useObjectUrl(blob);
  return url === undefined ? null : (
    <Image src={url} alt={name} w="auto" maw="min(480px, 100%)" mah={360} fit="contain" radius="md" />
  );
}

function Elsewhere({ url, name }: { readonly url: string; readonly name: string | undefined }) {
  if (!/^https?:/i.test(url)) return <Text className="any-line">{name ?? url}</Text>;
  return (
    <Anchor href={url} target="_blank" rel="noopener noreferrer nofollow" className="any-line" underline="always">
      {name ?? url}
    </Anchor>
  );
}
