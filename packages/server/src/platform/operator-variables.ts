/** The environment variables for those who run a server: metrics, profiles, and the key of what is stored sealed. */
import { z } from 'zod';
import { isSome, some, variableNotes, wholeOrNone } from './variable-kinds.js';

export const diagnosticKinds = ['cpu', 'heap'] as const;
export type DiagnosticKind = (typeof diagnosticKinds)[number];

/** Less can be guessed by whoever has a copy of the database. */
const LEAST_KEY = 32;

export const operatorVariables = {
  CONTINUO_SEALING_KEY: z
    .string()
    .min(LEAST_KEY)
    .optional()
    .register(variableNotes, {
      secret: true,
      description:
        'Seals the credentials of remote agents that administrators connect; the same for all instances. Without DATABASE_URL a file of the data directory has one.',
      expected: `at least ${LEAST_KEY} characters that nobody can guess (openssl rand -base64 32)`,
    }),
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
