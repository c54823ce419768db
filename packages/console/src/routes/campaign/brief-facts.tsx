/** What the brief wants of a piece, and which of its words the piece has. */
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Task } from '@continuo/client';
import { campaignTexts } from '../../texts/campaign.js';
import { marketingTexts } from '../../texts/marketing.js';
import { briefOf, linesOf } from '../marketing/brief.js';

interface BriefFactsProps {
  readonly task: Task;
  /** Of the piece. */
  readonly words: string;
}

export function BriefFacts({ task, words }: BriefFactsProps) {
  const brief = briefOf(task);
  const lower = words.toLowerCase();
  const has = (text: string): boolean => lower.includes(text.toLowerCase());
  const keywords = linesOf(brief.keywords);
  const { disclosures } = brief.others;
  const wanted = (Array.isArray(disclosures) ? disclosures : [disclosures]).filter((one) => typeof one === 'string');
  const rows: readonly (readonly [string, ReactNode])[] = [
    [marketingTexts.product, brief.product],
    [marketingTexts.audience, brief.audience],
    [marketingTexts.goal, brief.goal],
    [marketingTexts.tone, brief.tone],
    [marketingTexts.language, brief.language],
    [marketingTexts.claims, lines(linesOf(brief.claims))],
    [campaignTexts.keywordsFound, keywords.filter(has).join(', ')],
    [campaignTexts.keywordsMissing, keywords.filter((one) => !has(one)).join(', ')],
    [campaignTexts.disclosures, lines(wanted)],
  ];
  return (
    <dl className="facts">
      {rows.map(([label, value]) =>
        value === '' || value === null ? null : (
          <div key={label} style={{ display: 'contents' }}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function lines(all: readonly string[]): ReactNode {
  return all.length === 0
    ? null
    : all.map((line) => (
        <Text key={line} size="sm">
          {line}
        </Text>
      ));
}
