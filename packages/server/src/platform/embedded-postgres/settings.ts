/** The settings of the embedded PostgreSQL: durable first, then small. Given on the command line, so they follow the code. */

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  password_encryption: 'scram-sha-256',
  timezone: 'UTC',
  log_timezone: 'UTC',

  // fsync, synchronous_commit and full_page_writes keep their default, on: what is committed is on disk.
  wal_compression: 'on',
  max_wal_size: '512MB',
  max_wal_senders: '0',
  wal_level: 'minimal',

  // A few hundred megabytes for everything: short statements of one application.
  shared_buffers: '96MB',
  effective_cache_size: '512MB',
  work_mem: '8MB',
  maintenance_work_mem: '64MB',
  autovacuum_max_workers: '2',
  max_parallel_workers_per_gather: '0',
  max_logical_replication_workers: '0',
  io_method: 'sync',
  jit: 'off',
  random_page_cost: '1.1',

  // The log file is for trouble of the server itself; failed statements are their application's to report.
  logging_collector: 'off',
  log_min_messages: 'log',
  log_checkpoints: 'off',
} as const;

/** Some servers share a cluster, each with two pools. */
const FEWEST_CONNECTIONS = 400;

/** `connections`: how many whoever starts it wants to make. */
export function settingsAsArguments(port: number, connections = 0): readonly string[] {
  const most = String(Math.max(FEWEST_CONNECTIONS, connections));
  const all = Object.entries({ ...settings, port: String(port), max_connections: most });
  return all.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
