/** JSON as a tree that opens and closes; or as it is. */
import { SegmentedControl } from '@mantine/core';
import { useMemo, useState } from 'react';
import { texts } from '../../texts.js';
import { JsonTree } from '../json-tree.js';
import { CodeBlock } from './code-block.js';

interface JsonViewProps {
  readonly value: unknown;
  /** As it was written; without, as it is written here. */
  readonly text?: string;
}

export function JsonView({ value, text }: JsonViewProps) {
  const [raw, setRaw] = useState(false);
  const written = useMemo(() => text ?? JSON.stringify(value, undefined, 2) ?? 'null', [text, value]);
  if (typeof value !== 'object' || value === null) return <CodeBlock text={written} language="json" />;
  const choice = (
    <SegmentedControl
      size="xs"
      value={raw ? 'raw' : 'tree'}
      onChange={(next) => setRaw(next === 'raw')}
      data={[
        { value: 'tree', label: texts.common.tree },
        { value: 'raw', label: texts.common.raw },
      ]}
    />
  );
  if (raw) return <CodeBlock text={written} language="json" more={choice} />;
  return (
    <div>
      <div className="code-bar diagram-bar">{choice}</div>
      <JsonTree value={value} label={texts.common.tree} />
    </div>
  );
}
