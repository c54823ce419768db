/** The client that hooks use. */
import { createContext, createElement, useContext, type ReactElement, type ReactNode } from 'react';
import type { ContinuoClient } from '../client.js';

const Client = createContext<ContinuoClient | undefined>(undefined);

/**
 * Gives the hooks below it their client. Make the client once, outside of components.
 *
 * @example
 * const client = new ContinuoClient({ url: 'https://agents.example' });
 * createRoot(element).render(<ContinuoProvider client={client}><App /></ContinuoProvider>);
 */
export function ContinuoProvider(props: {
  readonly client: ContinuoClient;
  readonly children?: ReactNode;
}): ReactElement {
  return createElement(Client.Provider, { value: props.client }, props.children);
}

/** The client of the `ContinuoProvider` above. Throws where there is none. */
export function useContinuo(): ContinuoClient {
  const client = useContext(Client);
  if (client === undefined) throw new Error('useTask and useSession need a <ContinuoProvider client={…}> above them.');
  return client;
}
