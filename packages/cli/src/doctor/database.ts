/** PostgreSQL: whether it is there, of which version, with how many connections, whose clock, and whose schema. */
import { existsSync } from 'node:fs';
import { migrationState, withDatabase, type Config } from '@continuo/server/commands';
import { counted } from '../terminal/counted.js';
import { messageOf } from '../terminal/message-of.js';
import { noted, ok, wrong, type Finding } from './finding.js';

const LEAST_VERSION = 14;
const NEWEST_VERSION = 18;
const MOST_SKEW_MS = 2_000;
/** Each instance has two pools, and two connections that listen (docs/instances.md). */
const POOLS = 2;
const LISTENING = 2;

type Facts = Readonly<Record<'version' | 'most', number> & Record<'now', string>>;

const factsSql = `
SELECT current_setting('server_version_num')::int / 10000 AS version,
       to_json(clock_timestamp()) #>> '{}' AS now,
       current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most`;

export async function* databaseFindings(config: Config): AsyncGenerator<Finding> {
  const isOwn = config.databaseUrl === undefined;
  if (isOwn && !existsSync(config.dataDir)) {
    yield noted('database', `none yet: the first start makes one in ${config.dataDir}`);
    return;
  }
  try {
    yield* await withDatabase(config, async ({ url, database }) => {
      const before = Date.now();
      const [facts] = await database.query<Facts>(factsSql);
      const middle = (before + Date.now()) / 2;
      if (facts === undefined) return [];
      return [
        versionFinding(facts, isOwn ? `its own, in ${config.dataDir}` : 'as DATABASE_URL says'),
        clockFinding(Date.parse(facts.now) - middle),
        connectionsFinding(facts.most, config),
        await sessionsFinding(() => database.checkSessions()),
        await schemaFinding(url),
      ];
    });
  } catch (error) {
    const remedy = 'Check DATABASE_URL and that PostgreSQL runs there; or leave it out, and Continuo runs its own.';
    yield wrong('database', messageOf(error), isOwn ? 'See postgres.log in CONTINUO_DATA_DIR.' : remedy);
  }
}

function versionFinding({ version }: Facts, where: string): Finding {
  const found = `PostgreSQL ${version}, ${where}`;
  if (version < LEAST_VERSION) {
    return wrong('database', `${found}: too old`, `Use PostgreSQL ${LEAST_VERSION} to ${NEWEST_VERSION}.`);
  }
  return version > NEWEST_VERSION
    ? noted('database', `${found}: newer than what Continuo is tried with`)
    : ok('database', found);
}

function clockFinding(skewMs: number): Finding {
  const seconds = (Math.abs(skewMs) / 1_000).toFixed(1);
  if (Math.abs(skewMs) <= MOST_SKEW_MS) return ok('clock', `within ${seconds} s of the database's`);
  return noted(
    'clock',
    `this machine's clock is ${seconds} s ${skewMs > 0 ? 'behind' : 'ahead of'} the database's`,
    'Continuo goes by the database; logs and certificates do not. Have NTP set the clocks.',
  );
}

function connectionsFinding(most: number, { databasePool, processes }: Config): Finding {
  const each = POOLS * databasePool + LISTENING;
  const wanted = processes === 'auto' || processes === 1 ? each : (processes + 1) * each;
  const found = `${most} allowed, an instance takes up to ${each}`;
  return wanted <= most
    ? ok('connections', found)
    : wrong(
        'connections',
        `${found}, all processes up to ${wanted}`,
        'Lower CONTINUO_DATABASE_POOL or CONTINUO_PROCESSES, or raise max_connections.',
      );
}

/** A pooler that shares sessions among transactions loses locks and notifications. */
async function sessionsFinding(check: () => Promise<void>): Promise<Finding> {
  try {
    await check();
    return ok('sessions', 'each connection is a session of its own');
  } catch (error) {
    const remedy = 'PgBouncer: pool_mode = session, or let DATABASE_URL lead past it (docs/instances.md, "Poolers").';
    return wrong('sessions', messageOf(error), remedy);
  }
}

async function schemaFinding(url: string): Promise<Finding> {
  try {
    const { pending, unknown } = await migrationState(url);
    if (pending.length > 0) {
      const found = `${counted(pending.length, 'migration is', 'migrations are')} to come`;
      return noted('schema', found, 'The next start applies them, or `continuo migrate`.');
    }
    return unknown.length > 0
      ? noted('schema', 'a newer version was here; this one gets along with it')
      : ok('schema', 'up to date');
  } catch (error) {
    return wrong('schema', messageOf(error), 'Start the version of Continuo that fits, or use another database.');
  }
}
