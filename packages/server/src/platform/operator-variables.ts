/** The environment variables of what a server tells those who run it: metrics, profiles. */
import { z } from 'zod';
import { isSome, some, variableNotes, wholeOrNone } from './variable-kinds.js';

export const diagnosticKinds = ['cpu', 'heap'] as const;
export type DiagnosticKind = (typeof diagnosticKinds)[number];

export const operatorVariables = {
  CONTINUO_DIAGNOSTICS: z
    .string()
    .default('')
    .refine((value) => value === '' || isSome(diagnosticKinds, value))
    .transform((value): readonly DiagnosticKind[] => (value === '' ? [] : some(diagnosticKinds, value)))
    .register(variableNotes, {
      description:
        'What SIGUSR2 has a process write into the folder diagnostics of its data directory: a CPU profile of ten seconds, a heap snapshot. A snapshot has everything that is in memory, secrets too, and stops the process while it is written.',
      expected: `one or both of ${diagnosticKinds.join(', ')}, separated by a comma`,
    }),
  CONTINUO_METRICS_PORT: wholeOrNone(0, 65_535, {
    description:
      'TCP port that serves /metrics to whoever reaches it, without credentials, on the address of HOST; 0 takes a free one. Without it admins find /metrics on PORT.',
  }),
} as const;
