/** Where the content of files goes, as CONTINUO_FILES writes it. */
import { webUrl } from './web-url.js';

/** S3, or what speaks its protocol. */
export interface S3Storage {
  readonly bucket: string;
  /** Before the names of all objects: empty, or with a slash at its end. */
  readonly prefix: string;
  /** Undefined: Amazon's. */
  readonly endpoint: string | undefined;
  /** Undefined: as the environment of the AWS SDK says. */
  readonly region: string | undefined;
  /** Whether the bucket is in the path of an address, and not in its host. */
  readonly forcePathStyle: boolean;
}

export const FILES_FORM = 'postgres, or s3://bucket/prefix?endpoint=https://…&region=…&forcePathStyle=true|false';
const PARAMETERS = ['endpoint', 'region', 'forcePathStyle'];
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Characters that need no care in the names of objects. */
const PREFIX = /^[\w!.*'()/-]{0,500}$/;

/** Undefined: PostgreSQL. Throws for what is neither. */
export function parseFileStorage(value: string): S3Storage | undefined {
  if (value === '' || value === 'postgres') return undefined;
  const url = value.startsWith('s3://') && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !BUCKET.test(url.host)) throw new Error(`expected ${FILES_FORM}`);
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    throw new Error('expected an address without user, password and fragment: the AWS SDK finds the credentials');
  }
  const unknown = [...url.searchParams.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) throw new Error(`expected no parameters but ${PARAMETERS.join(', ')}, got ${unknown}`);
  const path = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  if (!PREFIX.test(path)) throw new Error("expected a prefix of letters, digits and !_.*'()/-");
  const endpoint = url.searchParams.get('endpoint') ?? undefined;
  if (endpoint !== undefined && webUrl(endpoint)?.username !== '')
    throw new Error('expected an endpoint that is a URL of http or https');
  const pathStyle = url.searchParams.get('forcePathStyle') ?? String(endpoint !== undefined);
  if (!['true', 'false'].includes(pathStyle)) throw new Error('expected forcePathStyle to be true or false');
  return {
    bucket: url.host,
    prefix: path === '' ? '' : `${path}/`,
    endpoint,
    region: url.searchParams.get('region') ?? (endpoint === undefined ? undefined : 'us-east-1'),
    forcePathStyle: pathStyle === 'true',
  };
}
