/** Before anything else runs: storage where the browser refuses it; light or dark, as chosen here or as the system has it. */
class Kept {
  getItem(name) {
    return Object.hasOwn(this, name) ? this[name] : null;
  }
  setItem(name, value) {
    this[name] = String(value);
  }
  removeItem(name) {
    delete this[name];
  }
}
// A browser that is told to keep nothing throws where it is asked for its storage: this one is there as long as the page.
for (const storage of ['localStorage', 'sessionStorage']) {
  try {
    window[storage].getItem('continuo');
  } catch {
    Object.defineProperty(window, storage, { value: new Kept() });
  }
}
{
  const chosen = localStorage.getItem('continuo-color-scheme') ?? 'auto';
  const dark = chosen === 'auto' ? matchMedia('(prefers-color-scheme: dark)').matches : chosen === 'dark';
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
}
