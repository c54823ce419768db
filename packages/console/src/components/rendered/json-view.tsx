/** JSON as a tree that opens and closes; or as it is. */
import { useMemo } from 'react';
import { texts } from '../../texts.js';
import { JsonTree } from '../json-tree.js';
import { OrAsWritten } from './or-as-written.js';

interface JsonViewProps {
  readonly value: unknown;
  /** As it was written; without, as it is written here. */
  readonly text?: string;
}

export function JsonView({ value, text }: JsonViewProps) {
  const written = useMemo(() => text ?? JSON.stringify(value, undefined, 2) ?? 'null', [text, value]);
  const isTree = typeof value === 'object' && value !== null;
  return (
    <OrAsWritten text={written} language="json" label={texts.common.tree}>
      {isTree ? <JsonTree value={value} label={texts.common.tree} /> : undefined}
    </OrAsWritten>
  );
}
