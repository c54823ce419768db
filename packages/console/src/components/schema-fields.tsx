/** The fields of a form that is made of a JSON Schema, and what is wrong with what was filled in. */
import { MultiSelect, NumberInput, Select, Switch, Textarea, TextInput } from '@mantine/core';
import { texts } from '../texts.js';
import { valueOf, writtenOf, type Field, type Filled } from './json-schema.js';

interface SchemaFieldsProps {
  readonly fields: readonly Field[];
  readonly filled: Filled;
  /** What is wrong, by the names of fields. */
  readonly wrong: Readonly<Record<string, string>>;
  /** While it is being sent: what is typed then could go nowhere. */
  readonly readOnly?: boolean;
  readonly onChange: (changed: Filled) => void;
}

export function SchemaFields({ fields, filled, wrong, readOnly = false, onChange }: SchemaFieldsProps) {
  return fields.map((field) => (
    <FieldInput
      key={field.name}
      field={field}
      value={filled[field.name]}
      error={wrong[field.name]}
      readOnly={readOnly}
      onChange={(value) => onChange({ [field.name]: value })}
    />
  ));
}

export function problemsOf(fields: readonly Field[], given: Filled): Record<string, string> {
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
  readonly readOnly: boolean;
  readonly onChange: (value: unknown) => void;
}

function FieldInput({ field, value, error, readOnly, onChange }: FieldInputProps) {
  const { kind, options, required, whole } = field;
  const label = field.label === '' ? texts.question.answer : field.label;
  const shared = { label, description: field.description, error, required, readOnly };
  if (kind === 'number') {
    return <NumberInput {...shared} value={value as number} onChange={onChange} allowDecimal={!whole} maw={320} />;
  }
  if (kind === 'flag') {
    return (
      <Switch
        label={label}
        description={field.description}
        checked={value === true}
        onChange={(event) => (readOnly ? undefined : onChange(event.currentTarget.checked))}
      />
    );
  }
  if (kind === 'choice') {
    return <Select {...shared} data={[...options]} value={(value as string) ?? null} onChange={onChange} maw={320} />;
  }
  if (kind === 'choices') {
    return <MultiSelect {...shared} data={[...options]} value={(value as string[]) ?? []} onChange={onChange} />;
  }
  // A draft that an older console has kept may have what nobody has typed.
  const text = typeof value === 'string' ? value : (writtenOf(kind, value) ?? '');
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
