/** The choices of the colour scheme, and the way out for who is signed in; open as soon as it is there. */
import { Menu, useMantineColorScheme, type MantineColorScheme } from '@mantine/core';
import { signedInWith, signOut } from '../api/credentials.js';
import { texts } from '../texts.js';
import { SchemeButton, schemeIcons } from './colour-scheme.js';

export function ColourSchemeMenu() {
  const { setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" defaultOpened>
      <Menu.Target>
        <SchemeButton />
      </Menu.Target>
      <Menu.Dropdown>
        {(['light', 'dark', 'auto'] satisfies MantineColorScheme[]).map((scheme) => {
          const Icon = schemeIcons[scheme];
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
