/** Something that went in or came out: as a tree or as text, to be copied; what is cut says so. */
import { Group, SegmentedControl, Text } from '@mantine/core';
import { useState } from 'react';
import { CopyText } from '../../../components/copy-text.js';
import { JsonTree } from '../../../components/json-tree.js';
import { Code } from '../../../components/parts.js';
import { traceTexts } from '../../../texts/trace.js';

interface ValueViewProps {
  readonly name: string;
  /** JSON. */
  readonly value: unknown;
  readonly truncated: boolean;
}

const looks = ['tree', 'text'] as const;
const labels = { tree: traceTexts.asTree, text: traceTexts.asText };

export function ValueView({ name, value, truncated }: ValueViewProps) {
  const [look, setLook] = useState<(typeof looks)[number]>('tree');
  const isTree = typeof value === 'object' && value !== null;
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
  return (
    <section aria-label={name} className="wf-value">
      <Group justify="space-between" gap="xs" wrap="nowrap" mih={28}>
        <h3 className="wf-heading">{name}</h3>
        <Group gap={4} wrap="nowrap">
          {isTree ? (
            <SegmentedControl
              size="xs"
              aria-label={name}
              data={looks.map((one) => ({ value: one, label: labels[one] }))}
              value={look}
              onChange={setLook}
            />
          ) : null}
          <CopyText text={text} label={traceTexts.copyValue(name)} />
        </Group>
      </Group>
      {isTree && look === 'tree' ? <JsonTree value={value} label={name} /> : <Code text={text} />}
      {truncated ? (
        <Text size="xs" c="dimmed" fs="italic" mt={4}>
          {traceTexts.cut}
        </Text>
      ) : null}
    </section>
  );
}
