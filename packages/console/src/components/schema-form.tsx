/** A form made of a JSON Schema. A schema with `decision` as a choice becomes buttons: approve, change, reject. */
import { Button, Group, MultiSelect, NumberInput, Select, Stack, Switch, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { texts } from '../texts.js';
import { useDraft } from './use-draft.js';
import { answerOf, spelled, fieldsOf, valueOf, type Field, type Filled } from './json-schema.js';

interface SchemaFormProps {
  /** The name under which it is kept what was filled in. */
  readonly draft: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly sending: boolean;
  /** Rejects when it was not accepted. */
  readonly onAnswer: (answer: unknown) => Promise<unknown>;
}

export function SchemaForm({ draft, schema, sending, onAnswer }: SchemaFormProps) {
  const [all] = useState(() => fieldsOf(schema));
  const [filled, setFilled, dropFilled] = useDraft<Filled>(
    draft,
    Object.fromEntries(all.map(({ name, initial }) => [name, initial])),
  );
  const [wrong, setWrong] = useState<Readonly<Record<string, string>>>({});
  const decision = all.find(({ name, kind }) => name === 'decision' && kind === 'choice');
  const fields = all.filter((field) => field !== decision);
  const send = (decided: Filled): void => {
    const given = { ...filled, ...decided };
    const problems = problemsOf(all, given);
    if (decided['decision'] === 'change' && fields.some(({ name }) => name === 'notes') && !given['notes']) {
      problems['notes'] = texts.question.required;
    }
    setWrong(problems);
    if (Object.keys(problems).length === 0) onAnswer(answerOf(all, given)).then(dropFilled, () => undefined);
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (decision === undefined) send({});
      }}
    >
      <Stack gap="sm">
        {fields.map((field) => (
          <FieldInput
            key={field.name}
            field={field}
            value={filled[field.name]}
            error={wrong[field.name]}
            onChange={(value) => setFilled((before) => ({ ...before, [field.name]: value }))}
          />
        ))}
        <Group gap="xs">
          {decision === undefined ? (
            <Button type="submit" loading={sending}>
              {texts.question.send}
            </Button>
          ) : (
            decision.options.map((option) => (
              <Button
                key={option}
                variant={option === 'approve' ? 'filled' : 'default'}
                loading={sending}
                onClick={() => send({ decision: option })}
              >
                {decisions[option] ?? spelled(option)}
              </Button>
            ))
          )}
        </Group>
      </Stack>
    </form>
  );
}

const decisions: Readonly<Record<string, string>> = {
  approve: texts.question.approve,
  change: texts.question.change,
  reject: texts.question.reject,
};

function problemsOf(fields: readonly Field[], given: Filled): Record<string, string> {
  const problems: Record<string, string> = {};
  for (const field of fields) {
    try {
      const value = valueOf(field, given[field.name]);
      if (field.required && value === undefined) problems[field.name] = texts.question.required;
    } catch {
      problems[field.name] = texts.question.notJson;
    }
  }
  return problems;
}

interface FieldInputProps {
  readonly field: Field;
  readonly value: unknown;
  readonly error: string | undefined;
  readonly onChange: (value: unknown) => void;
}

function FieldInput({ field, value, error, onChange }: FieldInputProps) {
  const { kind, options, required, whole } = field;
  const label = field.label === '' ? texts.question.answer : field.label;
  const shared = { label, description: field.description, error, required };
  if (kind === 'number') {
    return <NumberInput {...shared} value={value as number} onChange={onChange} allowDecimal={!whole} maw={320} />;
  }
  if (kind === 'flag') {
    return (
      <Switch
        label={label}
        description={field.description}
        checked={value === true}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    );
  }
  if (kind === 'choice') {
    return <Select {...shared} data={[...options]} value={(value as string) ?? null} onChange={onChange} maw={320} />;
  }
  if (kind === 'choices') {
    return <MultiSelect {...shared} data={[...options]} value={(value as string[]) ?? []} onChange={onChange} />;
  }
  const text = typeof value === 'string' ? value : '';
  const hint = kind === 'json' ? texts.question.json : kind === 'lines' ? texts.question.lines : undefined;
  if (kind === 'text' && field.name !== '' && !/notes|text|message|comment|reason/i.test(field.name)) {
    return <TextInput {...shared} value={text} onChange={(event) => onChange(event.currentTarget.value)} />;
  }
  return (
    <Textarea
      {...shared}
      label={hint === undefined ? label : `${label} (${hint})`}
      autosize
      minRows={2}
      maxRows={12}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
