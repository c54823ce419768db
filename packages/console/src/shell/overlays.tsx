/** What lies over the page when there is something to say: dialogs that ask, and messages that pass. */
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import '@mantine/notifications/styles.css';
import { useEffect } from 'react';
import { overlaysAreThere } from './overlays-loading.js';

export function Overlays() {
  useEffect(overlaysAreThere, []);
  return (
    <ModalsProvider>
      <Notifications position="bottom-right" />
    </ModalsProvider>
  );
}
