/** A press release as an editor gets it. */
import { Title } from '@mantine/core';
import { campaignTexts } from '../../../texts/campaign.js';
import { textIn } from './fields.js';
import type { PreviewProps } from './preview.js';

export function ReleasePreview({ facts: { content } }: PreviewProps) {
  return (
    <article className="preview-card preview-page">
      <p className="preview-dim">{campaignTexts.release}</p>
      <Title order={4} size="h1">
        {textIn(content, 'headline')}
      </Title>
      <p className="any-line">
        <strong>{textIn(content, 'dateline')}</strong> – {textIn(content, 'lead')}
      </p>
      <p className="any-line">{textIn(content, 'body')}</p>
      <p className="preview-dim any-line">{textIn(content, 'boilerplate')}</p>
      <p className="any-line">{textIn(content, 'contact')}</p>
    </article>
  );
}
