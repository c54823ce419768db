/** What the modules that Nest is given provide, and those that they import, as far as it is known before Nest asks for it. */
import type { DynamicModule, ModuleMetadata, Provider, Type } from '@nestjs/common';

type Imported = NonNullable<ModuleMetadata['imports']>[number];
type Said = Pick<ModuleMetadata, 'imports' | 'providers' | 'controllers'>;

const KINDS = ['imports', 'providers', 'controllers'] as const;

/** Modules that are promised are left out. */
export function providersOf(imports: readonly Imported[] = []): readonly Provider[] {
  const seen = new Set<unknown>();
  const walk = (imported: Imported): readonly Provider[] => {
    if (imported instanceof Promise || imported === undefined || seen.has(imported)) return [];
    seen.add(imported);
    if ('forwardRef' in imported) return walk(imported.forwardRef() as Imported);
    const said = saidBy(imported);
    return [...(said.providers ?? []), ...(said.controllers ?? []), ...(said.imports ?? []).flatMap(walk)];
  };
  return imports.flatMap(walk);
}

/** A dynamic module adds to what its class says. */
function saidBy(module: Type | DynamicModule): Said {
  if (typeof module === 'function') return decoratedWith(module);
  const decorated = decoratedWith(module.module);
  const both = KINDS.map((kind) => [kind, [...(decorated[kind] ?? []), ...(module[kind] ?? [])]] as const);
  return Object.fromEntries(both);
}

function decoratedWith(module: Type): Said {
  return Object.fromEntries(KINDS.map((kind) => [kind, Reflect.getMetadata(kind, module) as unknown]));
}
