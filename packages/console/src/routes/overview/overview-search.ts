/** Which time and which agent the overview is about, as it stands in the address. */
export const ranges = [1, 6, 24, 168, 720] as const;

export type Range = (typeof ranges)[number];

export const usualRange: Range = 24;

export interface OverviewSearch {
  /** Without it: `usualRange`. */
  readonly hours?: Range | undefined;
  /** `type/name`. */
  readonly agent?: string | undefined;
}

/** What an address says that makes no sense counts as not said: it is named, because the router keeps what is not. */
export function toOverviewSearch(search: Readonly<Record<string, unknown>>): OverviewSearch {
  const hours = ranges.find((known) => known === Number(search['hours']) && known !== usualRange);
  const agent = search['agent'];
  return { hours, agent: typeof agent === 'string' && agent !== '' ? agent : undefined };
}
