/** What an agent did on the way to its answer: the tools that it used, and what other agents said to it. Closed at first. */
import { Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconChevronRight } from '@tabler/icons-react';
import { memo, useState } from 'react';
import type { SessionMessage } from '@continuo/client';
import { Code, Parts } from '../../components/parts.js';
import { duration } from '../../components/time.js';
import { texts } from '../../texts.js';
import type { ToolCall } from './tool-calls.js';

/** Names of tools in the line that stands for all. */
const MOST_NAMED = 3;

interface StepsProps {
  readonly calls: readonly ToolCall[];
  readonly others: readonly SessionMessage[];
}

export const Steps = memo(function Steps({ calls, others }: StepsProps) {
  return (
    <Stack gap={2}>
      {calls.length === 0 ? null : (
        <Folded summary={<CallsInALine calls={calls} />}>
          {calls.map((call) => (
            <Call key={call.key} call={call} />
          ))}
        </Folded>
      )}
      {others.length === 0 ? null : (
        <Folded summary={texts.chat.others(others.length, new Set(others.map(({ agent }) => agent)).size)}>
          {others.map((said) => (
            <div key={said.seq} className="step">
              <Text size="xs" fw={600} mb={4}>
                {said.agent}
              </Text>
              <Parts parts={said.message.parts} under={1} />
            </div>
          ))}
        </Folded>
      )}
    </Stack>
  );
});

interface FoldedProps {
  readonly summary: React.ReactNode;
  readonly children: React.ReactNode;
}

/** What is inside is drawn once somebody has opened it. */
function Folded({ summary, children }: FoldedProps) {
  const [opened, setOpened] = useState(false);
  return (
    <details className="steps" onToggle={(event) => event.currentTarget.open && setOpened(true)}>
      <summary>
        <IconChevronRight size={14} aria-hidden className="steps-arrow" />
        {summary}
      </summary>
      {opened ? <Stack gap="sm">{children}</Stack> : null}
    </details>
  );
}

function CallsInALine({ calls }: Pick<StepsProps, 'calls'>) {
  return (
    <>
      <span>{texts.chat.steps(calls.length)}</span>
      {calls.slice(0, MOST_NAMED).map((call) => (
        <span key={call.key} className="step-name">
          {' · '}
          {call.tool} <CallState call={call} />
        </span>
      ))}
      {calls.length > MOST_NAMED ? ' · …' : null}
    </>
  );
}

function CallState({ call: { tookMs, error } }: { readonly call: ToolCall }) {
  if (tookMs === undefined) return texts.chat.running;
  return (
    <>
      {duration(tookMs)}{' '}
      {error === undefined ? (
        <IconCheck size={13} aria-label={texts.chat.succeeded} className="step-done" />
      ) : (
        <IconAlertTriangle size={13} aria-label={texts.chat.failed} className="step-failed" />
      )}
    </>
  );
}

function Call({ call }: { readonly call: ToolCall }) {
  return (
    <div className="step">
      <Text size="sm" fw={600}>
        {call.tool}{' '}
        <Text span c="dimmed" size="xs">
          <CallState call={call} />
        </Text>
      </Text>
      <Labelled label={texts.chat.input} value={call.input} />
      {call.error === undefined ? (
        <Labelled label={texts.chat.output} value={call.output} />
      ) : (
        <Labelled label={texts.chat.error} value={call.error} />
      )}
    </div>
  );
}

function Labelled({ label, value }: { readonly label: string; readonly value: unknown }) {
  if (value === undefined) return null;
  return (
    <div>
      <Text size="xs" c="dimmed" mt={6} mb={2}>
        {label}
      </Text>
      <Code text={typeof value === 'string' ? value : (JSON.stringify(value, undefined, 2) ?? '')} />
    </div>
  );
}
