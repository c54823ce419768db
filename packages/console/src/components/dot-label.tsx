/** A state at a glance: a dot in its colour, and the word. */
import { Group, Text } from '@mantine/core';

interface DotLabelProps {
  /** As `teal.6`. */
  readonly colour: string;
  readonly label: string;
  readonly lively?: boolean;
  /** For who looks for it. */
  readonly state?: string;
}

export function DotLabel({ colour, label, lively = false, state }: DotLabelProps) {
  return (
    <Group gap={8} wrap="nowrap" data-state={state}>
      <span className="dot" style={{ background: cssOf(colour) }} data-lively={lively || undefined} />
      <Text span size="sm" className="one-line">
        {label}
      </Text>
    </Group>
  );
}

/** Of a colour of the theme, as `teal.6`. */
export function cssOf(colour: string): string {
  return `var(--mantine-color-${colour.replace('.', '-')})`;
}
