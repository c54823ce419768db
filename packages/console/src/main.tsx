/** Starts the console. */
import '@fontsource-variable/inter/index.css';
import './shell/mantine.css';
import './shell/console.css';
import './shell/model-banner.css';
import './shell/quick-access.css';
import './shell/records.css';
import './shell/rows.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { ContinuoApiError } from '@continuo/client';
import { keepLive } from './api/live-queries.js';
import { isReturnFromIssuer } from './api/sign-in-return.js';
import { Loading } from './components/conditions.js';
import { spokenLanguage } from './language.js';
import { router } from './router.js';
import { OverlaysLater } from './shell/overlays-loading.js';
import { theme, variables } from './shell/theme.js';

document.documentElement.lang = spokenLanguage();

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // The event stream says when something has changed.
      staleTime: 10_000,
      retry: (failures, error) =>
        failures < 4 && !(error instanceof ContinuoApiError && error.status >= 400 && error.status < 500),
    },
  },
});

const element = document.querySelector('#root');
if (element === null) throw new Error('index.html has no #root');
const root = createRoot(element);

if (isReturnFromIssuer()) {
  show(<Loading />);
  void import('./api/open-id-connect.js').then(({ finishSignIn }) => finishSignIn());
} else {
  keepLive(client);
  show(
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
      <OverlaysLater />
    </QueryClientProvider>,
  );
}

function show(children: ReactNode): void {
  root.render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variables}
        defaultColorScheme="auto"
        colorSchemeManager={localStorageColorSchemeManager({ key: 'continuo-color-scheme' })}
      >
        {children}
      </MantineProvider>
    </StrictMode>,
  );
}
