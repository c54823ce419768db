/** What is reached from everywhere: the palette, the sheet of shortcuts, and the shortcuts themselves. */
import { Kbd, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { asDialog, later } from '../components/later.js';
import { texts } from '../texts.js';
import { toPages, useShortcuts, useShortcutsOn, type Pages, type Shortcut } from './shortcuts.js';
import { whenIdle } from './when-idle.js';

const Palette = later(() => import('./palette.js').then((loaded) => loaded.Palette), asDialog);
const ShortcutSheet = later(() => import('./shortcut-sheet.js').then((loaded) => loaded.ShortcutSheet), asDialog);

export function QuickAccess({ pages }: { readonly pages: Pages }) {
  const navigate = useNavigate();
  const [on] = useShortcutsOn();
  const [shown, setShown] = useState<'palette' | 'shortcuts'>();
  const shortcuts: readonly Shortcut[] = [
    ...toPages(pages, (to) => void navigate({ to })),
    { keys: 'n', does: texts.chat.newChat, run: () => void navigate({ to: '/chat' }) },
    { keys: '/', does: texts.shortcuts.search, run: () => focusSearch() || setShown('palette') },
    { keys: '?', does: texts.shortcuts.sheet, run: () => setShown('shortcuts') },
  ];
  useShortcuts(shortcuts, on);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || event.altKey || event.shiftKey || !(event.ctrlKey || event.metaKey))
        return;
      event.preventDefault();
      // A dialog that the palette would take the place of may hold what somebody wrote, or a secret that is shown once.
      const isOverlaid = document.querySelector('[aria-modal=true]') !== null;
      setShown((now) => (now === 'palette' || (now === undefined && isOverlaid) ? undefined : 'palette'));
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  // It opens at the first press as fast as at the second: what it needs is fetched when the page has nothing else to do.
  useEffect(() => whenIdle(() => void Palette.preload()), []);
  const close = (): void => setShown(undefined);
  return (
    <>
      <UnstyledButton className="quick-access" aria-keyshortcuts="Control+K" onClick={() => setShown('palette')}>
        <IconSearch size={16} aria-hidden />
        <span>{texts.palette.open}</span>
        <Kbd size="xs" visibleFrom="sm" aria-hidden>
          {texts.shortcuts.keyNames.ctrl} K
        </Kbd>
      </UnstyledButton>
      {shown === 'palette' ? <Palette pages={pages} onClose={close} onShortcuts={() => setShown('shortcuts')} /> : null}
      {shown === 'shortcuts' ? <ShortcutSheet shortcuts={shortcuts} onClose={close} /> : null}
    </>
  );
}

/** False where the page has nothing to search. */
function focusSearch(): boolean {
  const input = document.querySelector<HTMLInputElement>('#content [data-search]');
  input?.focus();
  input?.select();
  return input !== null;
}
