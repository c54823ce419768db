/** The button of the colour scheme: light, dark, or as the system has it; its menu is loaded before it is first opened. */
import { ActionIcon, useMantineColorScheme, type ActionIconProps } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import { useEffect, useState, type ComponentProps, type ComponentType } from 'react';
import { texts } from '../texts.js';
import { whenIdle } from './when-idle.js';

export const schemeIcons = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop } as const;

const loadMenu = () => import('./colour-scheme-menu.js').catch(() => undefined);

/** The button stays the same one until it is pressed: a press on what is exchanged meanwhile would be lost. */
export function ColourScheme() {
  const [Menu, setMenu] = useState<ComponentType>();
  useEffect(() => whenIdle(() => void loadMenu()), []);
  if (Menu !== undefined) return <Menu />;
  const open = async (): Promise<void> => {
    const loaded = await loadMenu();
    if (loaded !== undefined) setMenu(() => loaded.ColourSchemeMenu);
  };
  return <SchemeButton aria-haspopup="menu" aria-expanded={false} onClick={() => void open()} />;
}

export function SchemeButton(props: ActionIconProps & ComponentProps<'button'>) {
  const { colorScheme } = useMantineColorScheme();
  const Current = schemeIcons[colorScheme];
  return (
    <ActionIcon variant="subtle" color="gray" size="lg" aria-label={texts.theme.name} {...props}>
      <Current size={18} />
    </ActionIcon>
  );
}
