/** Which of the bindings and versions of A2A that a card offers is spoken. */
import { SegmentedControl, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { workbenchTexts as texts } from '../../../texts/workbench.js';
import type { Offered } from './wire-request.js';

interface BindingChoiceProps {
  readonly offered: readonly Offered[];
  readonly chosen: Offered;
  readonly onChoose: (chosen: Offered) => void;
}

export function BindingChoice({ offered, chosen: { binding, version }, onChoose }: BindingChoiceProps) {
  const offeredBindings = [...new Set(offered.map((one) => one.binding))];
  const offeredVersions = offered.filter((one) => one.binding === binding).map((one) => one.version);
  return (
    <>
      <Choice label={texts.binding}>
        <SegmentedControl
          aria-label={texts.binding}
          data={offeredBindings.map((value) => ({ value, label: value === 'JSONRPC' ? 'JSON-RPC' : value }))}
          value={binding}
          onChange={(chosen) => {
            const next = offered.filter((one) => one.binding === chosen);
            const found = next.find((one) => one.version === version) ?? next[0];
            if (found !== undefined) onChoose(found);
          }}
        />
      </Choice>
      <Choice label={texts.version}>
        <SegmentedControl
          aria-label={texts.version}
          data={offeredVersions}
          value={version}
          onChange={(chosen) => onChoose({ binding, version: chosen === '0.3' ? '0.3' : '1.0' })}
        />
      </Choice>
    </>
  );
}

/** A control with its name above it. */
export function Choice({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Stack gap={4} align="flex-start">
      <Text size="sm" fw={500} aria-hidden>
        {label}
      </Text>
      {children}
    </Stack>
  );
}
