/** Runs before each test file: what its tests have started is cleared away behind it, or kept for a look. */
import { afterAll, afterEach } from 'vitest';
import { beginFile, clearAwayAfterFile, noteFailure } from './outcome.js';

beginFile();

afterEach(({ task }) => {
  if (task.result?.state === 'fail') noteFailure();
});

afterAll(clearAwayAfterFile);
