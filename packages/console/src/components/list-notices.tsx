/** Offers to read a long list anew from its first page, and to go on where a page could not be loaded. */
import { Button, Group, Text } from '@mantine/core';
import { useQueryClient, type InfiniteData, type QueryKey, type UseInfiniteQueryResult } from '@tanstack/react-query';
import { LIVE_PAGES } from '../api/live-queries.js';
import { texts } from '../texts.js';

interface ListNoticesProps {
  readonly list: UseInfiniteQueryResult<InfiniteData<unknown>>;
  readonly queryKey: QueryKey;
  /** The list is to be shown from its top. */
  readonly onShow: () => void;
}

export function ListNotices({ list, queryKey, onShow }: ListNoticesProps) {
  const client = useQueryClient();
  if (list.isFetchNextPageError) {
    return (
      <Group gap="sm" justify="center" role="alert">
        <Text size="sm">{texts.common.failedToLoad}</Text>
        <Button variant="default" size="xs" onClick={() => void list.fetchNextPage()}>
          {texts.common.tryAgain}
        </Button>
      </Group>
    );
  }
  if (!list.isStale || (list.data?.pages.length ?? 0) <= LIVE_PAGES) return null;
  const show = (): void => {
    client.setQueryData<InfiniteData<unknown>>(
      queryKey,
      (data) => data && { pages: data.pages.slice(0, 1), pageParams: data.pageParams.slice(0, 1) },
    );
    void list.refetch();
    onShow();
  };
  return (
    <Button variant="default" size="xs" style={{ alignSelf: 'center' }} onClick={show}>
      {texts.common.newer}
    </Button>
  );
}
