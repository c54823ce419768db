/** Which campaign's brief is edited, as it stands in the address. */
export interface MarketingSearch {
  /** The task of the campaign; undefined for a new brief. */
  readonly from?: string | undefined;
}

/** It is named in any case, because the router keeps what is not. */
export function toMarketingSearch(search: Readonly<Record<string, unknown>>): MarketingSearch {
  const { from } = search;
  return { from: typeof from === 'string' && from !== '' ? from : undefined };
}
