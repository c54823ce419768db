/** How much runs may say, in bytes, on a server that is told nothing else, and in tests in memory. */
export const DEFAULT_LIMITS = {
  artifactBytes: 256 * 1024 ** 2,
  taskBytes: 1024 ** 3,
  messageBytes: 16 * 1024 ** 2,
} as const;
