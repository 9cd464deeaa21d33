/** Under the cluster and relative to it, so that neither its length nor its characters matter to PostgreSQL. */
export const SOCKET_FOLDER = 'socket';
export const DEFAULT_PORT = 5432;

/** Parsed by postgres-log.ts: who speaks, then the SQLSTATE. */
const LOG_LINE_PREFIX = '%b|%e|';

/** What every process of ours gets: the log must not repeat what is in statements. */
const QUIET = {
  log_destination: 'stderr',
  logging_collector: 'off',
  log_line_prefix: LOG_LINE_PREFIX,
  log_min_messages: 'warning',
  log_min_error_statement: 'panic',
  // DETAIL, HINT, QUERY and CONTEXT quote keys and rows.
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_min_duration_statement: '-1',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  log_checkpoints: 'off',
  lc_messages: 'C',
};

const DURABLE = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' };

/** For a small machine; mmap because containers often have a /dev/shm of a few megabytes or none. */
const SIZE = {
  max_connections: '100',
  shared_buffers: '128MB',
  max_wal_size: '3GB',
  max_wal_senders: '0',
  dynamic_shared_memory_type: 'mmap',
};

/**
 * Given on the command line at every start: a later version of the server changes them for clusters that exist, and an
 * edited postgresql.conf can't take durability away. Nothing in here may be unknown to PostgreSQL 15.
 */
export function postmasterSettings(port: number | undefined, additional: Record<string, string> = {}): string[] {
  return asArguments({
    ...QUIET,
    ...DURABLE,
    ...SIZE,
    listen_addresses: port === undefined ? '' : '127.0.0.1',
    port: String(port ?? DEFAULT_PORT),
    unix_socket_directories: SOCKET_FOLDER,
    unix_socket_permissions: '0700',
    password_encryption: 'scram-sha-256',
    timezone: 'UTC',
    log_timezone: 'UTC',
    cluster_name: 'veritrail',
    ...additional,
  });
}

export function singleUserSettings(): string[] {
  return asArguments({ ...QUIET, ...DURABLE, ...SIZE });
}

function asArguments(settings: Record<string, string>): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** First rule that fits wins, none refuses. The second is idle as long as nothing listens on TCP. */
export const HOST_BASED_AUTHENTICATION = `local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
`;
