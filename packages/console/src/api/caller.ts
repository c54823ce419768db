/** Who is signed in, and what the server has to offer. */
import { queryOptions } from '@tanstack/react-query';
import { call } from './client.js';

export const caller = queryOptions({
  queryKey: ['caller'],
  queryFn: ({ signal }) => call('getCaller', {}, signal),
});
