/** The ways to look at a version of a piece: as its channel shows it, as its text, and what changed in it. */
import { NativeSelect } from '@mantine/core';
import { useMemo, useState } from 'react';
import { textOf } from '@continuo/client/facts';
import { later } from '../../components/later.js';
import { withoutFrontMatter } from '../../components/markdown-blocks.js';
import { Parts } from '../../components/parts.js';
import { TooLarge } from '../../components/too-large.js';
import { contentElsewhere } from '../../tasks/artifact-content.js';
import { texts } from '../../texts.js';
import { campaignTexts } from '../../texts/campaign.js';
import { textsIn } from './limits.js';
import { canPreview, Preview } from './previews/preview.js';
import { byWhom, type Version } from './versions.js';

const WordDiff = later(() => import('./word-diff.js').then((loaded) => loaded.WordDiff));

export type View = keyof typeof campaignTexts.views;

/** Those that there are for this version. */
export function viewsOf(version: Version, versions: readonly Version[]): readonly View[] {
  if (contentElsewhere(version.artifact) !== undefined) return ['text'];
  return [
    ...(version.facts !== undefined && canPreview(version.facts.channel) ? (['preview'] as const) : []),
    'text',
    ...(versions.length > 1 ? (['changes'] as const) : []),
  ];
}

interface PieceViewProps {
  readonly view: View;
  readonly version: Version;
  readonly versions: readonly Version[];
  readonly product: string;
}

export function PieceView({ view, version, versions, product }: PieceViewProps) {
  const { artifact, facts } = version;
  const elsewhere = contentElsewhere(artifact);
  if (elsewhere !== undefined) return <TooLarge content={elsewhere} />;
  if (view === 'changes') return <Changes version={version} versions={versions} />;
  if (view === 'text' || facts === undefined) return <Parts parts={artifact.parts} name={artifact.name} under={3} />;
  return (
    <>
      <Details text={textOf(artifact.parts)} />
      <Preview facts={facts} product={product} />
    </>
  );
}

function Details({ text }: { readonly text: string }) {
  const { front } = useMemo(() => withoutFrontMatter(text), [text]);
  if (front === undefined) return null;
  return (
    <div className="document">
      <details>
        <summary>{texts.common.frontMatter}</summary>
        <pre tabIndex={0}>{front}</pre>
      </details>
    </div>
  );
}

/** Compared with the version before, unless another one is chosen. */
function Changes({ version, versions }: Pick<PieceViewProps, 'version' | 'versions'>) {
  const [chosen, setChosen] = useState<number>();
  const others = versions.filter(({ number }) => number !== version.number);
  const usual = others.findLast(({ number }) => number < version.number) ?? others[0];
  const base = others.find(({ number }) => number === chosen) ?? usual;
  if (base === undefined) return null;
  return (
    <>
      <NativeSelect
        label={campaignTexts.comparedWith}
        mb="md"
        maw={320}
        value={String(base.number)}
        data={others.map(({ number, facts }) => ({
          value: String(number),
          label: facts === undefined ? campaignTexts.version(number) : campaignTexts.versionBy(number, byWhom(facts)),
        }))}
        onChange={(event) => setChosen(Number(event.currentTarget.value))}
      />
      <WordDiff before={bodyOf(base)} after={bodyOf(version)} />
    </>
  );
}

/** The words of the piece alone, where they are known. */
function bodyOf({ artifact, facts }: Version): string {
  if (facts !== undefined) return textsIn(facts.content).join('\n\n');
  return withoutFrontMatter(textOf(artifact.parts)).body.trim();
}
