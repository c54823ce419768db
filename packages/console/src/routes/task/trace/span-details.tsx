/** Everything that is known of one span of a trace. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import type { ErrorReport, Task, TraceNode } from '@continuo/client';
import { canRetry, heldOf, stateOf } from '@continuo/client/facts';
import { StateLabel } from '../../../components/state-label.js';
import { DotLabel } from '../../../components/dot-label.js';
import { useRetry } from '../../../tasks/actions.js';
import { traceTexts } from '../../../texts/trace.js';
import { CopyIssue } from './copy-issue.js';
import { ErrorView } from './error-view.js';
import './details.css';
import { lastFailed } from './last-failed.js';
import { SpanFacts } from './span-facts.js';
import { SpanIcon } from './span-icon.js';
import { nameOf } from './span-words.js';
import type { Span, SpanState } from './spans.js';
import { TaskValues } from './task-values.js';
import { Tries } from './tries.js';
import { ValueView } from './value-view.js';

const colours = {
  done: 'teal.6',
  failed: 'red.7',
  waiting: 'orange.6',
  running: 'blue.6',
  abandoned: 'gray.6',
} as const satisfies Record<SpanState, string>;

interface SpanDetailsProps {
  readonly span: Span;
  readonly root: Span;
  readonly task: Task;
}

export function SpanDetails({ span, root, task }: SpanDetailsProps) {
  const { node, kind, state } = span;
  const error = errorOf(span);
  return (
    <Stack gap="md" p="md" className="wf-panel">
      <Stack gap={6}>
        <Group gap={6} wrap="nowrap" className="wf" data-inline>
          <span data-kind={kind} data-state={state} style={{ display: 'inline-flex' }}>
            <SpanIcon kind={kind} />
          </span>
          <Text size="xs" c="dimmed">
            {traceTexts.kinds[kind]}
          </Text>
        </Group>
        <h2 className="wf-title any-line">{nameOf(span)}</h2>
        {kind === 'task' ? (
          <StateLabel state={stateOf(task)} held={heldOf(task) !== undefined} />
        ) : (
          <DotLabel colour={colours[state]} label={traceTexts.states[state]} lively={state === 'running'} />
        )}
      </Stack>
      <Actions span={span} root={root} task={task} error={error} />
      {error === null ? null : (
        <section aria-label={traceTexts.error}>
          <h3 className="wf-heading">{traceTexts.error}</h3>
          <ErrorView error={error} />
        </section>
      )}
      {node === undefined || node.tries.length === 0 ? null : <Tries tries={node.tries} failed={error} />}
      <SpanFacts span={span} />
      {node === undefined ? null : <Values node={node} />}
      {kind === 'task' ? <TaskValues task={task} /> : null}
    </Stack>
  );
}

/** Of a task that it called, what made that fail, once it is known. */
function errorOf({ kind, node, run, trace }: Span): ErrorReport | null {
  if (kind === 'task') return trace?.error ?? null;
  return node?.error ?? run?.error ?? (kind === 'call' ? (trace?.error ?? null) : null);
}

interface ActionsProps extends SpanDetailsProps {
  readonly error: ErrorReport | null;
}

function Actions({ span, root, task, error }: ActionsProps) {
  const retry = useRetry(task.id);
  // What failed before an earlier retry is over.
  const isOwn = span.node !== undefined && span.taskId === root.taskId;
  const canStart = isOwn && canRetry(stateOf(task)) && span.node.id === lastFailed(root)?.id;
  if (error === null && !canStart) return null;
  return (
    <Group gap="xs">
      {canStart ? (
        <Button
          size="xs"
          loading={retry.isPending}
          leftSection={<IconRefresh size={14} aria-hidden />}
          onClick={() => retry.mutate('failed-step')}
        >
          {traceTexts.retryHere}
        </Button>
      ) : null}
      {error === null ? null : (
        <CopyIssue
          error={error}
          agent={span.trace?.agent ?? root.name}
          taskId={span.taskId}
          facts={span.kind === 'task' ? [] : [`${traceTexts.kinds[span.kind]}: ${nameOf(span)}`]}
        />
      )}
    </Group>
  );
}

function Values({ node }: { readonly node: TraceNode }) {
  const { kind, input, inputTruncated, result, resultTruncated, model } = node;
  if (kind === 'branch' || kind === 'sleep') return null;
  if (kind === 'model') {
    return model === null || model.prompt === null ? (
      <Text size="xs" c="dimmed">
        {traceTexts.noPrompt}
      </Text>
    ) : (
      <ValueView name={traceTexts.prompt} value={model.prompt} truncated={model.promptTruncated} />
    );
  }
  const [before, after] =
    kind === 'question' ? [traceTexts.asked, traceTexts.answer] : [traceTexts.input, traceTexts.result];
  return (
    <>
      {input === null ? null : <ValueView name={before} value={input} truncated={inputTruncated} />}
      {result === null ? null : <ValueView name={after} value={result} truncated={resultTruncated} />}
    </>
  );
}
