/** What a running process computes and holds, for who may look into its memory: written to files at SIGUSR2, if that was asked for. */
import { mkdir, writeFile } from 'node:fs/promises';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import { writeHeapSnapshot } from 'node:v8';
import type { Clock } from '@continuo/agent/internal/platform/clock.js';
import { messageOf } from '@continuo/agent/internal/platform/errors.js';
import type { Log } from './log.js';
import type { DiagnosticKind } from './operator-variables.js';

const PROFILED_MS = 10_000;
/** They have what tenants have said, and secrets. */
const FOR_THE_OWNER = 0o600;
const DIRECTORY_FOR_THE_OWNER = 0o700;

interface DiagnosticsParts {
  readonly kinds: readonly DiagnosticKind[];
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** Listens for the signal where `kinds` asks for something; answers with how to stop that. */
export function diagnoseOnSignal(parts: DiagnosticsParts): () => void {
  const { kinds, log } = parts;
  if (kinds.length === 0) return () => undefined;
  let isBusy = false;
  const onSignal = (): void => {
    if (isBusy) return;
    isBusy = true;
    diagnose(parts)
      .catch((error: unknown) => log.warn({ err: messageOf(error) }, 'diagnostics could not be written'))
      .finally(() => {
        isBusy = false;
      });
  };
  process.on('SIGUSR2', onSignal);
  return () => process.off('SIGUSR2', onSignal);
}

async function diagnose({ kinds, dataDir, clock, log }: DiagnosticsParts): Promise<void> {
  const directory = join(dataDir, 'diagnostics');
  await mkdir(directory, { recursive: true, mode: DIRECTORY_FOR_THE_OWNER });
  const time = clock.now().toISOString().replaceAll(/[:.]/g, '-');
  const fileOf = (ending: string): string => join(directory, `${time}-${process.pid}.${ending}`);
  if (kinds.includes('cpu')) {
    const file = fileOf('cpuprofile');
    await writeFile(file, await cpuProfile(clock), { mode: FOR_THE_OWNER });
    log.info({ file }, 'wrote a CPU profile');
  }
  if (kinds.includes('heap')) {
    const file = fileOf('heapsnapshot');
    // Node makes the file with the mode that it finds.
    await writeFile(file, '', { mode: FOR_THE_OWNER });
    writeHeapSnapshot(file);
    log.info({ file }, 'wrote a heap snapshot');
  }
}

/** Within the process: no port is opened for it. */
async function cpuProfile(clock: Clock): Promise<string> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await clock.sleep(PROFILED_MS);
    const { profile } = await session.post('Profiler.stop');
    return JSON.stringify(profile);
  } finally {
    session.disconnect();
  }
}
