/** What is reached from everywhere: the palette, the sheet of shortcuts, and the shortcuts themselves. */
import { Kbd, UnstyledButton } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { texts } from '../texts.js';
import { toPages, useShortcuts, useShortcutsOn, type Pages, type Shortcut } from './shortcuts.js';
import { whenIdle } from './when-idle.js';

const loadPalette = () => import('./palette.js');
const Palette = lazy(() => loadPalette().then((loaded) => ({ default: loaded.Palette })));
const ShortcutSheet = lazy(() => import('./shortcut-sheet.js').then((loaded) => ({ default: loaded.ShortcutSheet })));

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
  useEffect(() => whenIdle(() => void loadPalette().catch(() => undefined)), []);
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
      <Suspense fallback={null}>
        {shown === 'palette' ? (
          <Palette pages={pages} onClose={close} onShortcuts={() => setShown('shortcuts')} />
        ) : null}
        {shown === 'shortcuts' ? <ShortcutSheet shortcuts={shortcuts} onClose={close} /> : null}
      </Suspense>
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
