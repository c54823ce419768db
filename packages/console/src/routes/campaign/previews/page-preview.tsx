/** A page: how a search engine lists it, and how it reads. */
import { Title } from '@mantine/core';
import { campaignTexts } from '../../../texts/campaign.js';
import { cut } from '../../../components/cut-text.js';
import { hostOf, listIn, textIn } from './fields.js';
import type { PreviewProps } from './preview.js';

/** What search engines show before they cut. */
const TITLE = 60;
const DESCRIPTION = 160;

export function PagePreview({ facts, product }: PreviewProps) {
  const { content, link } = facts;
  const title = textIn(content, 'headline') || textIn(content, 'title');
  return (
    <>
      <p className="preview-label">{campaignTexts.inSearch}</p>
      <article className="preview-card">
        <div className="preview-dim">
          {product} · {hostOf(link)}
        </div>
        <div className="preview-result">{cut(textIn(content, 'metaTitle'), TITLE)}</div>
        <div className="any-line">{cut(textIn(content, 'metaDescription'), DESCRIPTION)}</div>
      </article>
      <p className="preview-label">{campaignTexts.onPage}</p>
      <article className="preview-card preview-page">
        <Title order={4} size="h1">
          {title}
        </Title>
        <p className="preview-lead any-line">{textIn(content, 'subheadline')}</p>
        {listIn(content, 'sections').map((section, index) => (
          <section key={index}>
            <Title order={5} size="h2">
              {textIn(section, 'heading')}
            </Title>
            <p className="any-line">{textIn(section, 'body')}</p>
          </section>
        ))}
        <p>
          <span className="preview-button any-line">{textIn(content, 'callToAction')}</span>
        </p>
      </article>
    </>
  );
}
