/** The addresses of files: as answers have them, and as messages name them. */

/** `baseUrl`: where clients reach this server, without a slash at the end. */
export function fileUrl(baseUrl: string, id: string): string {
  return `${baseUrl}/files/${id}`;
}

/** Where this server is reached, as far as it is known. */
export interface OwnAddress {
  /** As clients are told; undefined: wherever they reach it. */
  readonly publicUrl: string | undefined;
  /** Where the request at hand came to; undefined where there is none. */
  readonly requestUrl?: string | undefined;
}

export interface NamedFile {
  readonly id: string;
  /** False: it may be an address of another server, and is when there is no such file here. */
  readonly certain: boolean;
}

const FILE_PATH = /^(.*)\/files\/([^/]+)$/;
const HERE = 'http://here.invalid';

/** The file that an address names, absolute or relative to this server; undefined for one that is none of its files'. */
export function namedFile(url: string, { publicUrl, requestUrl }: OwnAddress): NamedFile | undefined {
  const isRelative = url.startsWith('/') && !url.startsWith('//');
  if (!URL.canParse(url, isRelative ? HERE : undefined)) return undefined;
  const { origin, pathname } = new URL(url, isRelative ? HERE : undefined);
  const [, prefix = '', id] = FILE_PATH.exec(pathname) ?? [];
  if (id === undefined) return undefined;
  const own = publicUrl ?? requestUrl;
  const base = own === undefined ? undefined : new URL(own);
  const isAtBase = base !== undefined && base.pathname.replace(/\/$/, '') === prefix;
  if (isRelative) return prefix === '' || isAtBase ? { id, certain: true } : undefined;
  if (isAtBase && origin === base.origin) return { id, certain: true };
  return publicUrl === undefined && prefix === '' ? { id, certain: false } : undefined;
}
