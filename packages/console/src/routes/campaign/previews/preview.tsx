/** A piece as its channel shows it. Everything in it is text: nothing is loaded, and no link leads anywhere. */
import './previews.css';
import type { PieceFacts } from '../piece-facts.js';
import { AdPreview } from './ad-preview.js';
import { InboxPreview } from './inbox-preview.js';
import { PagePreview } from './page-preview.js';
import { InstagramPreview, LinkedInPreview, ThreadPreview } from './social-previews.js';
import { ReleasePreview } from './release-preview.js';

export interface PreviewProps {
  readonly facts: PieceFacts;
  /** The name of what is marketed. */
  readonly product: string;
}

const previews: Readonly<Record<string, (props: PreviewProps) => React.JSX.Element>> = {
  'landing-page': PagePreview,
  'blog-post': PagePreview,
  'email-sequence': InboxPreview,
  linkedin: LinkedInPreview,
  'x-thread': ThreadPreview,
  instagram: InstagramPreview,
  'ad-copy': AdPreview,
  'press-release': ReleasePreview,
};

/** Whether it is known how the channel shows its pieces. */
export function canPreview(channel: string): boolean {
  return Object.hasOwn(previews, channel);
}

export function Preview(props: PreviewProps) {
  const Shown = previews[props.facts.channel];
  return Shown === undefined ? null : <Shown {...props} />;
}
