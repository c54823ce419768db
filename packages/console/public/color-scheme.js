/** Before anything is drawn: light or dark, as chosen here or as the system has it. */
{
  const chosen = localStorage.getItem('continuo-color-scheme') ?? 'auto';
  const dark = chosen === 'auto' ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
}
