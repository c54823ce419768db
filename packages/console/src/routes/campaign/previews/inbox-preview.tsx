/** A sequence of emails: the lines of an inbox, and each email opened. */
import { campaignTexts } from '../../../texts/campaign.js';
import { listIn, textIn } from './fields.js';
import type { PreviewProps } from './preview.js';

export function InboxPreview({ facts, product }: PreviewProps) {
  const emails = listIn(facts.content, 'emails');
  return (
    <>
      <p className="preview-label">{campaignTexts.inInbox}</p>
      <div className="preview-card preview-inbox">
        {emails.map((email, index) => (
          <details key={index}>
            <summary>
              <strong className="one-line">{product}</strong>
              <span className="one-line">
                {textIn(email, 'subject')}
                <span className="preview-dim"> – {textIn(email, 'preheader')}</span>
              </span>
              <span className="preview-dim numbers">{facts.dates[index]?.date.slice(5) ?? ''}</span>
            </summary>
            <p className="any-line">{textIn(email, 'body')}</p>
          </details>
        ))}
      </div>
    </>
  );
}
