/** The links of a campaign, with the UTM parameters that tell its channels apart. */
import type { Brief } from '../brief/brief.js';
import { channelOf, type ChannelId } from '../channels/channels.js';

/** Stands for the product's page where the brief names none. */
export const PLACEHOLDER_URL = 'https://example.com/';
const MOST_CHARACTERS = 60;

/** `utm_campaign`: the product's name as a word for URLs. */
export function campaignSlug(brief: Pick<Brief, 'product'>): string {
  const slug = brief.product.name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '');
  // At whole characters: half of one has no place in a URL.
  const short = Array.from(slug).slice(0, MOST_CHARACTERS).join('');
  return short === '' ? 'campaign' : short;
}

/** The product's page as the channel links to it; parameters that it has already stay, but for UTM's own. */
export function trackedLink(brief: Pick<Brief, 'product'>, channel: ChannelId): string {
  const { source, medium } = channelOf(channel).utm;
  const url = new URL(brief.product.url ?? PLACEHOLDER_URL);
  url.searchParams.set('utm_source', source);
  url.searchParams.set('utm_medium', medium);
  url.searchParams.set('utm_campaign', campaignSlug(brief));
  url.searchParams.set('utm_content', channel);
  return url.href;
}
