/** How lists of the API go on: with a token, which is empty on the last page. */
export const byToken = {
  initialPageParam: '',
  getNextPageParam: ({ nextPageToken }: { readonly nextPageToken: string }): string | undefined =>
    nextPageToken === '' ? undefined : nextPageToken,
};
