/** What a task asks of people, with the form that its answer needs. */
import { Button, Group, Stack, Text, Textarea, Title } from '@mantine/core';
import type { Task } from '@continuo/client';
import { useAnswer } from '../tasks/actions.js';
import { asksItsProgram, questionOf, textOf, type Question } from '@continuo/client/facts';
import { useState } from 'react';
import { texts } from '../texts.js';
import { colourOf } from './state-label.js';
import { Markdown } from './markdown.js';
import { objectIn } from './json-schema.js';
import { Code } from './parts.js';
import { SchemaForm } from './schema-form.js';
import { At } from './time.js';
import { useDraft } from './use-draft.js';

interface QuestionPanelProps {
  readonly task: Task;
  /** The question stands above it already. */
  readonly told?: boolean;
  /** What tells it from other questions on the page. */
  readonly label?: string;
}

/** Whether its answer needs more than a text. */
export function wantsForm({ schema }: Question): boolean {
  return schema !== undefined && (objectIn(schema) !== undefined || schema['type'] !== 'string' || 'enum' in schema);
}

export function QuestionPanel({ task, told = false, label }: QuestionPanelProps) {
  const question = questionOf(task);
  const answer = useAnswer(task);
  const [handled, setHandled] = useState<string>();
  if (question === undefined) return null;
  const { message, schema, expiresAt } = question;
  const ofProgram = asksItsProgram(task);
  const name = `answer to ${message?.messageId ?? task.id}`;
  const byHand = handled === name;
  return (
    <section
      className="panel"
      aria-label={label ?? (ofProgram ? texts.question.ofProgram : texts.question.title)}
      style={{ borderLeft: `3px solid ${colourOf('INPUT_REQUIRED')}`, padding: 16 }}
    >
      <Stack gap="sm">
        <Group justify="space-between">
          <Title order={2}>{ofProgram ? texts.question.ofProgram : texts.question.title}</Title>
          {expiresAt === undefined ? null : (
            <Text size="sm" c="dimmed">
              {texts.question.until} <At at={expiresAt} />
            </Text>
          )}
        </Group>
        {told ? null : <Markdown text={textOf(message?.parts)} under={2} />}
        {ofProgram ? (
          <>
            <Text size="sm" c="dimmed">
              {texts.question.ofProgramHint}
            </Text>
            {byHand ? null : (
              <Group>
                <Button variant="default" onClick={() => setHandled(name)}>
                  {texts.question.byHand}
                </Button>
              </Group>
            )}
            {byHand ? (
              <Code text={JSON.stringify(message?.parts.find(({ data }) => data)?.data, undefined, 2)} />
            ) : null}
          </>
        ) : null}
        {ofProgram && !byHand ? null : schema !== undefined && wantsForm(question) ? (
          <SchemaForm
            key={name}
            draft={name}
            schema={schema}
            sending={answer.isPending}
            onAnswer={(data) => answer.mutateAsync([{ data }])}
          />
        ) : (
          <TextAnswer
            key={name}
            draft={name}
            sending={answer.isPending}
            onAnswer={(text) => answer.mutateAsync([{ text }])}
          />
        )}
      </Stack>
    </section>
  );
}

interface TextAnswerProps {
  readonly draft: string;
  readonly sending: boolean;
  /** Rejects when it was not accepted. */
  readonly onAnswer: (text: string) => Promise<unknown>;
}

function TextAnswer({ draft, sending, onAnswer }: TextAnswerProps) {
  const [text, setText, dropText] = useDraft(draft, '');
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '') onAnswer(text).then(dropText, () => undefined);
      }}
    >
      <Stack gap="sm">
        <Textarea
          label={texts.question.answer}
          autosize
          minRows={2}
          maxRows={12}
          value={text}
          readOnly={sending}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Group>
          <Button type="submit" loading={sending} disabled={text.trim() === ''}>
            {texts.question.send}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
