/** What a list of pages shows: its rows, or why there are none, and the way to more. */
import { Button } from '@mantine/core';
import type { InfiniteData, UseInfiniteQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { texts } from '../texts.js';
import { Failed, Loading } from './conditions.js';

type Pages = UseInfiniteQueryResult<InfiniteData<unknown>>;

interface PagedProps {
  readonly list: Pages;
  /** How many rows there are, of all pages. */
  readonly count: number;
  /** What is shown when there are none. */
  readonly empty: ReactNode;
  readonly children: ReactNode;
}

export function Paged({ list, count, empty, children }: PagedProps) {
  if (list.error !== null && count === 0) return <Failed error={list.error} retry={() => void list.refetch()} />;
  if (list.isPending) return <Loading />;
  return count === 0 ? empty : children;
}

/** Nothing where there is no more. */
export function More({ list, label = texts.common.showMore }: { readonly list: Pages; readonly label?: string }) {
  if (!list.hasNextPage) return null;
  return (
    <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
      {label}
    </Button>
  );
}

/** Reads the next page, unless that is under way, there is none, or it has failed: then somebody has to ask for it. */
export function readOn(list: Pages): void {
  if (list.hasNextPage && !list.isFetchingNextPage && !list.isFetchNextPageError) void list.fetchNextPage();
}
