/** A line of the table: where the specification says it, how strongly, in short what, and how it is found out. */
import { bindings } from './trial.mjs';

/** Bindings in which fields that are left out and fields at their default look different. */
export const json = { on: ['JSONRPC', 'HTTP+JSON'] };

const line =
  (level) =>
  (section, says, check, { on = bindings } = {}) => ({ section, level, says, on, check });

export const must = line('MUST');
export const should = line('SHOULD');
export const may = line('MAY');
