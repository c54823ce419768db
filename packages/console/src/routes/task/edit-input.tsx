/** What a task was asked, to be changed and asked again. */
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Part, Task } from '@continuo/client';
import { Dialog } from '../../components/dialog.js';
import { parsed } from '../../tasks/said-as-part.js';
import { texts } from '../../texts.js';
import { rerunTexts } from '../../texts/rerun.js';
import { askedIn } from './input.js';
import { useRunAgain } from './run-again.js';

/** A part as it is written: text as it is, data as JSON. Undefined for files, which go along as they are. */
function writtenOf({ text, data }: Part): string | undefined {
  return text ?? (data === undefined ? undefined : JSON.stringify(data, undefined, 2));
}

export function EditInput({ task, onClose }: { readonly task: Task; readonly onClose: () => void }) {
  const parts = askedIn(task)?.parts ?? [];
  const [written, setWritten] = useState<readonly (string | undefined)[]>(() => parts.map(writtenOf));
  const [wrong, setWrong] = useState<ReadonlySet<number>>(new Set());
  const run = useRunAgain(task);
  const files = written.filter((text) => text === undefined).length;
  const send = (): void => {
    const changed = parts.map((part, index) => changedPart(part, written[index]));
    const problems = new Set(changed.flatMap((part, index) => (part === undefined ? [index] : [])));
    setWrong(problems);
    if (problems.size === 0)
      run.mutate(
        changed.filter((part) => part !== undefined),
        { onSuccess: onClose },
      );
  };
  return (
    <Dialog onClose={onClose} title={rerunTexts.edit} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
      >
        <Stack gap="sm">
          {parts.map((part, index) =>
            written[index] === undefined ? null : (
              <Textarea
                key={index}
                label={part.data === undefined ? rerunTexts.text : rerunTexts.json}
                error={wrong.has(index) ? texts.question.notJson : undefined}
                autosize
                minRows={3}
                maxRows={20}
                value={written[index]}
                readOnly={run.isPending}
                styles={
                  part.data === undefined ? {} : { input: { fontFamily: 'var(--mantine-font-family-monospace)' } }
                }
                onChange={(event) => setWritten(written.with(index, event.currentTarget.value))}
                data-autofocus={index === 0 || undefined}
              />
            ),
          )}
          {files === 0 ? null : (
            <Text size="sm" c="dimmed">
              {rerunTexts.files(files)}
            </Text>
          )}
          <Text size="sm" c="dimmed">
            {rerunTexts.hint}
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {texts.common.cancel}
            </Button>
            <Button type="submit" loading={run.isPending}>
              {rerunTexts.run}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}

/** Undefined for what should be JSON and isn't. */
function changedPart(part: Part, written: string | undefined): Part | undefined {
  if (written === undefined) return part;
  if (part.data === undefined) return { ...part, text: written };
  const data = parsed(written);
  return data === undefined ? undefined : { ...part, data };
}
