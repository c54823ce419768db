/** The configuration as an object with types, beside the environment: each setting is a variable under a shorter name. */
import type { z } from 'zod';
import type { variables } from './config-variables.js';

type Variables = z.output<typeof variables>;
type VariableName = Extract<keyof Variables, string>;

/** `DRAIN_MS` becomes `drainMs`. */
type Camel<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${Lowercase<First>}${Capitalize<Camel<Rest>>}`
  : Lowercase<Name>;

type SettingName<Variable extends string> = Variable extends `CONTINUO_${infer Name}` ? Camel<Name> : Camel<Variable>;

/** Numbers, flags and lists as such; all else as the variable has it, or as an object where that is JSON. */
type SettingValue<Value> = Value extends number
  ? Value
  : Value extends boolean
    ? boolean
    : Value extends string
      ? string extends Value
        ? string
        : Value
      : Value extends readonly string[]
        ? string | Value
        : Value extends readonly number[]
          ? string | Value
          : string | Readonly<Record<string, unknown>> | readonly unknown[];

/** Settings by the names of their variables, in camel case and without CONTINUO_. */
export type Settings = {
  readonly [Variable in VariableName as SettingName<Variable>]?:
    | SettingValue<NonNullable<Variables[Variable]>>
    | undefined;
};

/** `env` with the variables that `settings` set. */
export function withSettings(settings: Settings, env: NodeJS.ProcessEnv, names: readonly string[]): NodeJS.ProcessEnv {
  const variableOf = new Map(names.map((name) => [settingName(name), name]));
  const set = Object.entries(settings).flatMap(([setting, value]: [string, unknown]) =>
    value === undefined ? [] : [[variableOf.get(setting) ?? unknownVariable(setting), textOf(value)]],
  );
  return { ...env, ...(Object.fromEntries(set) as NodeJS.ProcessEnv) };
}

/** The name of a variable as a setting. */
export function settingName(variable: string): string {
  return variable
    .replace(/^CONTINUO_/, '')
    .toLowerCase()
    .replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** As such it is named as one that there isn't. */
function unknownVariable(setting: string): string {
  return `CONTINUO_${setting.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** A list has commas between its entries, an empty one is a comma alone: an empty variable would count as unset. */
function textOf(value: unknown): string {
  if (Array.isArray(value) && value.every((entry) => typeof entry === 'string' || typeof entry === 'number')) {
    return value.length === 0 ? ',' : value.join(',');
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
