/** Addresses of web servers. */

/** `address` read as a URL, below `base` where it is relative. Undefined for what is none of http or https. */
export function webUrl(address: string, base?: string): URL | undefined {
  if (!URL.canParse(address, base)) return undefined;
  const url = new URL(address, base);
  return ['http:', 'https:'].includes(url.protocol) ? url : undefined;
}

/** The same without name and password, which would show up wherever the address does. */
export function openWebUrl(address: string): URL | undefined {
  const url = webUrl(address);
  return url?.username === '' && url.password === '' ? url : undefined;
}
