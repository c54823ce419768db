/** Copies an error as Markdown, for an issue. */
import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import type { ErrorReport } from '@continuo/client';
import { useCopied } from '../../../components/use-copied.js';
import { texts } from '../../../texts.js';
import { traceTexts } from '../../../texts/trace.js';
import { asIssue } from './error-view.js';

interface CopyIssueProps {
  readonly error: ErrorReport;
  readonly agent: string;
  readonly taskId: string;
  /** What else is to be known, each in a few words. */
  readonly facts: readonly string[];
}

export function CopyIssue({ error, agent, taskId, facts }: CopyIssueProps) {
  const all = [`${texts.tasks.agent}: ${agent}`, `${texts.task.id}: ${taskId}`, ...facts];
  const { copied, copy, untilLeft } = useCopied(() => asIssue(error, all));
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
      onClick={copy}
      {...untilLeft}
    >
      {copied ? texts.common.copied : traceTexts.copyIssue}
    </Button>
  );
}
