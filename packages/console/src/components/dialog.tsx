/** A dialog that is open as long as it is rendered, and then gives the focus back to where it was. */
import { Modal, type ModalProps } from '@mantine/core';
import { useLayoutEffect, useState } from 'react';

export function Dialog(props: Omit<ModalProps, 'opened'>) {
  // An entry of a menu is gone when the dialog is there: who had the focus is found out before.
  const [opener] = useState(() => openerOf(document.activeElement));
  useLayoutEffect(() => {
    // Where one dialog follows another, that one has given the focus back by now.
    const before = opener?.isConnected === true && opener !== document.body ? opener : document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [opener]);
  return <Modal opened {...props} />;
}

/** For an entry of a menu: the button that opened the menu. */
function openerOf(focused: Element | null): Element | null {
  const menu = focused?.closest('[role=menu]');
  return menu == null ? focused : document.getElementById(menu.getAttribute('aria-labelledby') ?? '');
}
