/** uPlot formats numbers for `navigator.language` when it is loaded; a browser in the POSIX locale calls that `en-US@posix`. */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
}
