/** A state at a glance: a dot in its colour, and the word. */
import { Group, Text } from '@mantine/core';

interface DotLabelProps {
  /** As `teal.6`. */
  readonly colour: string;
  readonly label: string;
  readonly lively?: boolean;
}

export function DotLabel({ colour, label, lively = false }: DotLabelProps) {
  return (
    <Group gap={8} wrap="nowrap">
      <span
        className="dot"
        style={{ background: `var(--mantine-color-${colour.replace('.', '-')})` }}
        data-lively={lively || undefined}
      />
      <Text span size="sm" className="one-line">
        {label}
      </Text>
    </Group>
  );
}
