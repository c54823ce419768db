/** What to say to the agent, and by which binding and version of A2A. */
import { Button, FileButton, Group, SegmentedControl, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Part } from '@continuo/client';
import { answerOf, type Field, type Filled } from '../../../components/json-schema.js';
import { problemsOf, SchemaFields } from '../../../components/schema-fields.js';
import { filePart } from '../../../tasks/file-part.js';
import { parsed } from '../../../tasks/said-as-part.js';
import { workbenchTexts as texts } from '../../../texts/workbench.js';
import { BindingChoice, Choice } from './binding-choice.js';
import type { Offered, Trial } from './wire-request.js';

type Content = keyof typeof texts.contents;

export interface Draft extends Offered {
  readonly streaming: boolean;
  readonly content: Content;
  readonly text: string;
  readonly data: string;
  /** What was filled into the form, where the agent says what data it takes. */
  readonly filled: Filled;
  readonly file: Part | undefined;
  readonly contextId: string;
  readonly taskId: string;
  readonly modes: string;
}

interface TryFormProps {
  /** The fields of the data that the agent takes; undefined where its card doesn't say. */
  readonly fields: readonly Field[] | undefined;
  readonly offered: readonly Offered[];
  readonly draft: Draft;
  readonly onDraft: (changed: Partial<Draft>) => void;
  readonly sending: boolean;
  readonly onSend: (trial: Trial) => void;
  readonly onStop: () => void;
}

export function TryForm({ fields, offered, draft, onDraft, sending, onSend, onStop }: TryFormProps) {
  const [problem, setProblem] = useState<string>();
  const [wrong, setWrong] = useState<Readonly<Record<string, string>>>({});
  const { streaming, content } = draft;
  const change = (changed: Partial<Draft>): void => {
    setProblem(undefined);
    setWrong({});
    onDraft(changed);
  };
  const send = (): void => {
    const problems = content === 'form' && fields !== undefined ? problemsOf(fields, draft.filled) : {};
    setWrong(problems);
    if (Object.keys(problems).length > 0) return;
    const parts = partsOf(draft, fields);
    if (typeof parts === 'string') return setProblem(parts);
    onSend({
      parts,
      contextId: draft.contextId.trim() || undefined,
      taskId: draft.taskId.trim() || undefined,
      acceptedOutputModes: draft.modes.split(',').flatMap((mode) => mode.trim() || []),
      streaming,
    });
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Stack gap="md">
        <Group gap="lg" align="flex-end">
          <BindingChoice offered={offered} chosen={draft} onChoose={change} />
          <Switch
            label={texts.streaming}
            checked={streaming}
            onChange={(event) => change({ streaming: event.currentTarget.checked })}
            mb={6}
          />
        </Group>
        <Choice label={texts.content}>
          <SegmentedControl
            aria-label={texts.content}
            data={Object.entries(texts.contents)
              .filter(([value]) => value !== 'form' || fields !== undefined)
              .map(([value, label]) => ({ value, label }))}
            value={content}
            onChange={(chosen) => change({ content: chosen as Content })}
          />
        </Choice>
        {content === 'file' ? (
          <Group gap="sm">
            <FileButton
              onChange={(file) =>
                void (file === null ? undefined : filePart(file).then((part) => change({ file: part })))
              }
            >
              {(props) => (
                <Button variant="default" {...props}>
                  {texts.choose}
                </Button>
              )}
            </FileButton>
            <Text size="sm" className="any-line">
              {draft.file?.filename}
            </Text>
          </Group>
        ) : null}
        {content === 'form' && fields !== undefined ? (
          <SchemaFields
            fields={fields}
            filled={draft.filled}
            wrong={wrong}
            onChange={(changed) => change({ filled: { ...draft.filled, ...changed } })}
          />
        ) : content === 'data' ? (
          <Textarea
            label={texts.data}
            error={problem}
            autosize
            minRows={4}
            maxRows={16}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            value={draft.data}
            onChange={(event) => change({ data: event.currentTarget.value })}
          />
        ) : (
          <Textarea
            label={content === 'file' ? texts.caption : texts.text}
            error={problem}
            autosize
            minRows={2}
            maxRows={12}
            value={draft.text}
            onChange={(event) => change({ text: event.currentTarget.value })}
          />
        )}
        <Group grow preventGrowOverflow={false} align="flex-start">
          <TextInput
            label={texts.context}
            description={texts.contextHint}
            value={draft.contextId}
            onChange={(event) => change({ contextId: event.currentTarget.value })}
            miw={240}
          />
          <TextInput
            label={texts.task}
            description={texts.taskHint}
            value={draft.taskId}
            onChange={(event) => change({ taskId: event.currentTarget.value })}
            miw={240}
          />
        </Group>
        <TextInput
          label={texts.modes}
          description={texts.modesHint}
          placeholder={texts.modesExample}
          value={draft.modes}
          onChange={(event) => change({ modes: event.currentTarget.value })}
        />
        <Group gap="sm">
          {sending ? (
            <Button variant="default" onClick={onStop}>
              {texts.stop}
            </Button>
          ) : (
            <Button type="submit">{texts.send}</Button>
          )}
          <Text size="sm" c="dimmed">
            {texts.sent}
          </Text>
        </Group>
      </Stack>
    </form>
  );
}

/** A text says what is missing. */
function partsOf(
  { content, text, data, filled, file }: Draft,
  fields: TryFormProps['fields'],
): readonly Part[] | string {
  if (content === 'form' && fields !== undefined) return [{ data: answerOf(fields, filled) }];
  if (content === 'data') {
    const value = parsed(data);
    return value === undefined ? texts.notJson : [{ data: value }];
  }
  const said = text.trim() === '' ? [] : [{ text }];
  if (content === 'text') return said.length === 0 ? texts.empty : said;
  return file === undefined ? texts.noFile : [...said, file];
}
