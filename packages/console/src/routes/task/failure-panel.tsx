/** Why a task failed: which step how often and within which time, what was thrown, and what caused that. */
import { Group, Text, Title, Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ErrorReport, Task, TraceNode } from '@continuo/client';
import { agentOf, type Failure } from '@continuo/client/facts';
import { exactDuration } from '../../components/time.js';
import { texts } from '../../texts.js';
import { failureTexts } from '../../texts/failure.js';
import { stepTookMs } from './step-time.js';
import { CopyIssue } from './trace/copy-issue.js';
import { ErrorView } from './trace/error-view.js';
import { lastFailed } from './trace/last-failed.js';
import type { Span } from './trace/spans.js';
import { Tries } from './trace/tries.js';

interface FailurePanelProps {
  readonly task: Task;
  readonly failure: Failure;
  /** Its trace, once that is known. */
  readonly root: Span | undefined;
}

export function FailurePanel({ task, failure, root }: FailurePanelProps) {
  const error = root?.trace?.error ?? null;
  const step = error === null || root === undefined ? undefined : stepOf(root, error);
  const causes = error === null ? ownCauses(failure) : error.causes.map(({ message }) => message);
  return (
    <section
      className="panel"
      aria-label={texts.task.failed}
      style={{ borderLeft: '3px solid var(--mantine-color-red-7)', padding: '14px 16px' }}
    >
      <Group justify="space-between" gap="xs" align="flex-start">
        <Title order={2}>{texts.task.failed}</Title>
        <Group gap="xs">
          {step === undefined ? null : (
            <Button
              size="xs"
              variant="default"
              renderRoot={(props) => (
                <Link
                  {...props}
                  to="/tasks/$id"
                  params={{ id: task.id }}
                  search={{ at: encodeURIComponent(step.id) }}
                  replace
                />
              )}
            >
              {failureTexts.inTrace}
            </Button>
          )}
          {error === null ? null : (
            <CopyIssue
              error={error}
              agent={agentOf(task)}
              taskId={task.id}
              facts={step === undefined ? [] : [sentence(step)]}
            />
          )}
        </Group>
      </Group>
      <Text className="any-line" mt={4}>
        {step === undefined ? null : <b>{sentence(step)}: </b>}
        {error === null ? failure.message : error.message}
      </Text>
      {causes.map((cause) => (
        <Text key={cause} size="sm" c="dimmed" className="any-line">
          {failureTexts.causedBy} {cause}
        </Text>
      ))}
      {error !== null || failure.step === undefined ? null : (
        <Text size="sm" c="dimmed">
          {texts.task.step}: “{failure.step}”
        </Text>
      )}
      {failure.childTaskId === undefined ? null : (
        <Link to="/tasks/$id" params={{ id: failure.childTaskId }}>
          {texts.task.failedChild}
        </Link>
      )}
      {error === null ? null : (
        <details className="failure-more">
          <summary>{failureTexts.more(step?.attempts ?? 1)}</summary>
          {step === undefined || step.tries.length === 0 ? null : <Tries tries={step.tries} failed={error} />}
          <ErrorView error={error} />
        </details>
      )}
    </section>
  );
}

/** The step that the task failed of; one that failed for another reason was got over. */
function stepOf(root: Span, error: ErrorReport): TraceNode | undefined {
  const step = lastFailed(root);
  return step?.error?.message === error.message ? step : undefined;
}

/** `Refund payment failed 3 times in 2.4 s`. */
function sentence(step: TraceNode): string {
  const { name, attempts } = step;
  const took = stepTookMs(step);
  const capitalized = name.charAt(0).toUpperCase() + name.slice(1);
  return failureTexts.step(capitalized, attempts, took === undefined ? undefined : exactDuration(took));
}

/** Each once, and none that the message says. */
function ownCauses({ message, causes }: Failure): readonly string[] {
  return [...new Set(causes)].filter((cause) => !message.endsWith(cause));
}
