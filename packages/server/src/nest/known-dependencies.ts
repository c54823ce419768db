/** Whether Nest can know what the classes that it makes for us inject. It passes `undefined` for what it doesn't know, and goes on. */
import type { Provider, Type } from '@nestjs/common';
import { ContinuoError } from '@continuo/agent/internal/platform/errors.js';

/** Where TypeScript and Nest note what is injected: [constants.ts](https://github.com/nestjs/nest/blob/master/packages/common/constants.ts). */
const TYPE = 'design:type';
const TYPES = 'design:paramtypes';
const NAMED = 'self:paramtypes';
const OPTIONAL = 'optional:paramtypes';
const PROPERTIES = 'self:properties_metadata';
const OPTIONAL_PROPERTIES = 'optional:properties_metadata';

const COMPILE =
  'compile it with experimentalDecorators and emitDecoratorMetadata (tsx and esbuild emit no metadata; `continuo dev` and tsc do)';

/**
 * Throws METADATA_MISSING for the first class among `providers` that injects something of which nothing says what it is.
 * Only classes that Nest constructs are looked at: factories, values and aliases know what they need.
 */
export function requireKnownDependencies(providers: readonly Provider[]): void {
  for (const made of providers.flatMap(madeByNest)) {
    requireKnownParameters(made);
    requireKnownProperties(made);
  }
}

function madeByNest(provider: Provider): readonly Type[] {
  const made: unknown =
    typeof provider === 'object' && provider !== null && 'useClass' in provider ? provider.useClass : provider;
  return typeof made === 'function' ? [made as Type] : [];
}

function requireKnownParameters(made: Type): void {
  const owner = ownerOfConstructor(made);
  // Optional parameters count, those with a default and what follows them don't.
  const positions = Array.from({ length: owner.length }, (_, index) => index);
  const isKnown = knownParameters(made, owner);
  const unknown = positions.find((index) => !isKnown(index));
  if (unknown === undefined) return;
  const whose = owner === made ? 'its constructor' : `the constructor that it inherits from ${owner.name}`;
  const decorate = isDecorated(owner) ? '' : `decorate ${owner.name} with @Injectable() and `;
  throw missing(
    made,
    `parameter ${unknown + 1} of ${whose}`,
    `Either ${decorate}${COMPILE}, or name what is injected at the parameter: @Inject(OrdersService).`,
  );
}

/** Whether Nest is told what a parameter is, or that the class can do without it. */
function knownParameters(made: Type, owner: Type): (index: number) => boolean {
  // What a base says of its own constructor says nothing of another one, whose class has been compiled without metadata.
  const last = isDecorated(owner) ? owner : undefined;
  const types = metadataOf(TYPES, made, last);
  const named = metadataOf(NAMED, made, last) as readonly { readonly index: number; readonly param: unknown }[];
  const optional = metadataOf(OPTIONAL, made, last);
  const known = new Set(named.flatMap(({ index, param }) => (param === undefined ? [] : [index])));
  return (index) => index < types.length || known.has(index) || optional.includes(index);
}

function requireKnownProperties(made: Type): void {
  const properties = (Reflect.getMetadata(PROPERTIES, made) ?? []) as readonly { key: PropertyKey; type: unknown }[];
  const optional = (Reflect.getMetadata(OPTIONAL_PROPERTIES, made) ?? []) as readonly PropertyKey[];
  // A type that was noted and is undefined is one of a circular import, which Nest names.
  const isNoted = (key: PropertyKey): boolean => Reflect.hasMetadata(TYPE, made.prototype as object, key as string);
  const unknown = properties.find(({ key, type }) => type === undefined && !optional.includes(key) && !isNoted(key));
  if (unknown === undefined) return;
  throw missing(
    made,
    `its property ${String(unknown.key)}`,
    `Either ${COMPILE}, or name what is injected at the property: @Inject(OrdersService).`,
  );
}

function missing(made: Type, what: string, remedy: string): ContinuoError {
  return new ContinuoError(
    'METADATA_MISSING',
    `${made.name}: nothing says what to inject as ${what}, which would be undefined. ${remedy}`,
  );
}

/** The class whose constructor runs: the first that has one of its own. */
function ownerOfConstructor(made: Type): Type {
  let owner = made;
  for (;;) {
    const base: unknown = Object.getPrototypeOf(owner);
    if (hasConstructor(owner) || typeof base !== 'function' || base === Function.prototype) return owner;
    owner = base as Type;
  }
}

/** An implicit constructor takes whatever comes and has no parameters: only the source tells it from one without any. */
function hasConstructor(type: Type): boolean {
  if (type.length > 0) return true;
  const source = Function.prototype.toString.call(type);
  return !source.startsWith('class') || /(?<![.\w$#])constructor['"]?\s*\(/.test(source);
}

/** Injected properties leave metadata, too; types of parameters come with decorators of the class or of its parameters. */
function isDecorated(type: Type): boolean {
  const keys = Reflect.getOwnMetadataKeys(type) as readonly unknown[];
  return keys.some((key) => key !== PROPERTIES && key !== OPTIONAL_PROPERTIES);
}

/** As Nest finds it, but not above `last`. */
function metadataOf(key: string, made: Type, last: Type | undefined): readonly unknown[] {
  for (let type: unknown = made; typeof type === 'function'; type = Object.getPrototypeOf(type)) {
    const found: unknown = Reflect.getOwnMetadata(key, type);
    if (Array.isArray(found)) return found as readonly unknown[];
    if (type === last) return [];
  }
  return [];
}
