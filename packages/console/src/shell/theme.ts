/** Colours, type and spacing of the console; every text on its background has the contrast that WCAG AA asks for. */
import { createTheme, type CSSVariablesResolver } from '@mantine/core';
import { texts } from '../texts.js';

const FONT = "'Inter Variable', system-ui, sans-serif";

/** The list itself scrolls, which the keys that move through its options do as well. */
const choices = {
  comboboxProps: { withinPortal: false },
  withScrollArea: false,
  styles: { options: { maxHeight: 240, overflowY: 'auto' } },
};

export const theme = createTheme({
  fontFamily: FONT,
  fontFamilyMonospace: "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, monospace",
  headings: {
    fontFamily: FONT,
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.4' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
    },
  },
  colors: {
    dark: [
      '#d7dbe2',
      '#b4bac4',
      '#939ba8',
      '#666e7b',
      '#3b414c',
      '#2d323b',
      '#20242b',
      '#17191e',
      '#121418',
      '#0d0f12',
    ],
  },
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 8 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Modal: {
      defaultProps: {
        centered: true,
        closeButtonProps: { 'aria-label': texts.common.close },
        // Its header is none of the page.
        attributes: { header: { role: 'presentation' } },
      },
    },
    // Inside the landmark that they belong to, for who finds their way by landmarks.
    Menu: { defaultProps: { withinPortal: false, withInitialFocusPlaceholder: false } },
    Popover: { defaultProps: { withinPortal: false } },
    Select: { defaultProps: choices },
    MultiSelect: { defaultProps: choices },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': texts.common.close } } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
    Badge: { defaultProps: { variant: 'default', radius: 'sm', tt: 'none', fw: 500 } },
    Button: { defaultProps: { size: 'sm', fw: 500 } },
  },
});

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    '--mantine-color-body': '#ffffff',
    '--mantine-color-dimmed': '#5b636e',
    '--mantine-color-placeholder': '#646c77',
    '--mantine-color-anchor': '#364fc7',
    '--mantine-color-error': '#c92a2a',
    '--console-ground': '#f7f8fa',
    '--console-line': '#e4e7ec',
    '--console-hover': '#f1f3f7',
    '--console-code': '#f4f5f8',
    '--console-own': '#edf0fe',
    '--console-notice': '#fff7e6',
    '--console-warn': '#a04800',
  },
  dark: {
    '--mantine-color-body': '#17191e',
    '--mantine-color-text': '#d7dbe2',
    '--mantine-color-dimmed': '#9aa3b0',
    '--mantine-color-placeholder': '#929ba8',
    '--mantine-color-error': '#ff8787',
    '--console-ground': '#101216',
    '--console-line': '#2a2e36',
    '--console-hover': '#1f2229',
    '--console-code': '#1d2027',
    '--console-own': '#232946',
    '--console-notice': '#2b2416',
    '--console-warn': '#ffc078',
  },
});
