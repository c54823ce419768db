/** Parts of a piece by their names; empty where there is none. */
import type { Content } from '@continuo/swarm/shape';

export function textIn(content: Content | undefined, name: string): string {
  const value = memberOf(content, name);
  return typeof value === 'string' ? value : '';
}

export function listIn(content: Content | undefined, name: string): readonly Content[] {
  const value = memberOf(content, name);
  return Array.isArray(value) ? (value as readonly Content[]) : [];
}

export function textsIn(content: Content | undefined, name: string): readonly string[] {
  return listIn(content, name).filter((item) => typeof item === 'string');
}

function memberOf(content: Content | undefined, name: string): Content | undefined {
  if (content === undefined || typeof content === 'string' || Array.isArray(content)) return undefined;
  return (content as Readonly<Record<string, Content>>)[name];
}

/** Empty for an address that is none. */
export function hostOf(link: string): string {
  try {
    return new URL(link).hostname;
  } catch {
    return '';
  }
}
