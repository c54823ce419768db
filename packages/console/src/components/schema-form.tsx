/** A form made of a JSON Schema. A schema with `decision` as a choice becomes buttons: approve, change, reject. */
import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import { texts } from '../texts.js';
import { useDraft } from './use-draft.js';
import { answerOf, fieldsOf, filledFirst, spelled, type Filled } from './json-schema.js';
import { problemsOf, SchemaFields } from './schema-fields.js';

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
  const [filled, setFilled, dropFilled] = useDraft<Filled>(draft, filledFirst(all));
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
        <SchemaFields
          fields={fields}
          filled={filled}
          wrong={wrong}
          readOnly={sending}
          onChange={(changed) => setFilled((before) => ({ ...before, ...changed }))}
        />
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
