/** Chooses light, dark, or what the system has. */
import { ActionIcon, Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import { signedInWith, signOut } from '../api/credentials.js';
import { texts } from '../texts.js';

const icons = { light: IconSun, dark: IconMoon, auto: IconDeviceDesktop } as const;

export function ColourScheme() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Current = icons[colorScheme];
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={texts.theme.name}>
          <Current size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {(['light', 'dark', 'auto'] satisfies MantineColorScheme[]).map((scheme) => {
          const Icon = icons[scheme];
          return (
            <Menu.Item key={scheme} leftSection={<Icon size={16} aria-hidden />} onClick={() => setColorScheme(scheme)}>
              {texts.theme[scheme]}
            </Menu.Item>
          );
        })}
        {signedInWith() === undefined ? null : <Menu.Item onClick={signOut}>{texts.signIn.out}</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}
