/** Posts as LinkedIn, X and Instagram show them, folded where those fold them. */
import { useState, type ReactNode } from 'react';
import { lengthOf } from '@continuo/swarm/measure';
import { startOf } from '../../../components/cut-text.js';
import { campaignTexts } from '../../../texts/campaign.js';
import { textIn, textsIn } from './fields.js';
import type { PreviewProps } from './preview.js';

/** What stands before "…more". */
const LINKEDIN_LINES = 3;
const LINKEDIN_CHARACTERS = 210;
const INSTAGRAM_CHARACTERS = 125;
const POST_LENGTH = 280;

export function LinkedInPreview({ facts, product }: PreviewProps) {
  const post = textIn(facts.content, 'post');
  return (
    <article className="preview-card">
      <Who name={product} below={campaignTexts.now} />
      <Folded text={post} at={linkedInFold(post)} />
    </article>
  );
}

function linkedInFold(post: string): number {
  const lines = post.split('\n').filter((line) => line.trim() !== '');
  const [last = ''] = lines.slice(LINKEDIN_LINES - 1);
  const byLines = lines.length > LINKEDIN_LINES ? post.indexOf(last) + last.length : post.length;
  return Math.min(LINKEDIN_CHARACTERS, byLines);
}

export function ThreadPreview({ facts, product }: PreviewProps) {
  const posts = textsIn(facts.content, 'posts');
  return (
    <ol className="preview-thread">
      {posts.map((post, index) => {
        const length = lengthOf(post.trim(), 'x');
        return (
          <li key={index}>
            <Who name={product} below={`@${product.toLowerCase().replaceAll(/[^a-z0-9]+/g, '')}`} />
            <p className="any-line">
              <Linked text={post} />
            </p>
            <p className={length > POST_LENGTH ? 'preview-count over' : 'preview-count'}>
              {campaignTexts.count(length, POST_LENGTH)}
            </p>
          </li>
        );
      })}
    </ol>
  );
}

export function InstagramPreview({ facts, product }: PreviewProps) {
  const caption = textIn(facts.content, 'caption');
  const tags = textsIn(facts.content, 'hashtags').join(' ');
  const whole = [caption, tags].filter((part) => part !== '').join('\n\n');
  const firstLine = caption.indexOf('\n') === -1 ? caption.length : caption.indexOf('\n');
  return (
    <article className="preview-card preview-instagram">
      <Who name={product} below="" />
      <div className="preview-picture">{campaignTexts.picture}</div>
      <Folded text={whole} at={Math.min(INSTAGRAM_CHARACTERS, firstLine)} />
    </article>
  );
}

function Who({ name, below }: { readonly name: string; readonly below: string }) {
  return (
    <div className="preview-who">
      <span className="preview-face" aria-hidden>
        {Array.from(name)[0]?.toUpperCase()}
      </span>
      <span>
        <strong>{name}</strong>
        {below === '' ? null : <span className="preview-dim">{below}</span>}
      </span>
    </div>
  );
}

function Folded({ text, at }: { readonly text: string; readonly at: number }) {
  const [open, setOpen] = useState(false);
  const folds = text.length > at;
  return (
    <p className="any-line">
      <Linked text={open || !folds ? text : startOf(text, at).trimEnd()} />
      {folds && !open ? (
        <>
          {' '}
          <button type="button" className="preview-more" onClick={() => setOpen(true)}>
            {campaignTexts.seeMore}
          </button>
        </>
      ) : null}
    </p>
  );
}

const LINKS = /(https?:\/\/[^\s<>"]+|[#@][\p{L}\p{N}_]+)/gu;

/** Links, hashtags and names look like such, and lead nowhere. */
function Linked({ text }: { readonly text: string }): ReactNode {
  return text.split(LINKS).map((part, index) =>
    index % 2 === 1 ? (
      <span key={index} className="preview-link">
        {part}
      </span>
    ) : (
      part
    ),
  );
}
