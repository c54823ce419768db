/** A responsive search ad: three headlines and two descriptions of all that there are, in any combination. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { campaignTexts } from '../../../texts/campaign.js';
import { hostOf, textsIn } from './fields.js';
import type { PreviewProps } from './preview.js';

const HEADLINES = 3;
const DESCRIPTIONS = 2;

export function AdPreview({ facts }: PreviewProps) {
  const [turn, setTurn] = useState(0);
  const headlines = fromTurn(textsIn(facts.content, 'headlines'), turn, HEADLINES);
  const descriptions = fromTurn(textsIn(facts.content, 'descriptions'), turn, DESCRIPTIONS);
  return (
    <>
      <article className="preview-card">
        <div>
          <strong>{campaignTexts.sponsored}</strong> <span className="preview-dim any-line">{hostOf(facts.link)}</span>
        </div>
        <div className="preview-result any-line">{headlines.join(' | ')}</div>
        <div className="any-line">{descriptions.join(' ')}</div>
      </article>
      <Button variant="default" size="compact-sm" mt="sm" onClick={() => setTurn(turn + 1)}>
        {campaignTexts.combination}
      </Button>
    </>
  );
}

/** So many in a row, and again from the beginning. */
function fromTurn(all: readonly string[], turn: number, most: number): readonly string[] {
  const start = all.length === 0 ? 0 : turn % all.length;
  return [...all.slice(start), ...all.slice(0, start)].slice(0, most);
}
