/** A dialog that is open as long as it is rendered, and then gives the focus back to where it was; a click beside it asks before what was written in it is lost. */
import { Button, Group, Modal, Text, type ModalProps } from '@mantine/core';
import { useLayoutEffect, useState } from 'react';
import { texts } from '../texts.js';
import { FormFields } from './form-fields.js';

export function Dialog({ onClose, children, ...props }: Omit<ModalProps, 'opened'>) {
  // An entry of a menu is gone when the dialog is there: who had the focus is found out before.
  const [opener] = useState(() => openerOf(document.activeElement));
  const [fields] = useState(() => new FormFields());
  /** What had the focus when it was asked whether to close. */
  const [asked, setAsked] = useState<Element | null>();
  useLayoutEffect(() => {
    // Where one dialog follows another, that one has given the focus back by now.
    const before = opener?.isConnected === true && opener !== document.body ? opener : document.activeElement;
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, [opener]);
  const left = (): void => {
    if (!fields.isChanged()) return onClose();
    if (asked === undefined) setAsked(document.activeElement);
  };
  const keep = (): void => {
    setAsked(undefined);
    if (asked instanceof HTMLElement) asked.focus();
  };
  return (
    <Modal opened {...props} onClose={onClose} closeOnClickOutside={false} overlayProps={{ onClick: left }}>
      {asked === undefined ? null : (
        <Group role="alert" className="unsaved" justify="space-between" gap="xs" mb="md">
          <Text size="sm">{texts.common.unsaved}</Text>
          <Group gap="xs">
            <Button size="xs" onClick={keep} autoFocus>
              {texts.common.keepEditing}
            </Button>
            <Button size="xs" variant="default" onClick={onClose}>
              {texts.common.discard}
            </Button>
          </Group>
        </Group>
      )}
      <div style={{ display: 'contents' }} onFocusCapture={(event) => fields.note(event.currentTarget)}>
        {children}
      </div>
    </Modal>
  );
}

/** For an entry of a menu: the button that opened the menu. */
function openerOf(focused: Element | null): Element | null {
  const menu = focused?.closest('[role=menu]');
  return menu == null ? focused : document.getElementById(menu.getAttribute('aria-labelledby') ?? '');
}
