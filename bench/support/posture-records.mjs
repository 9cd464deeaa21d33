const DAYS = 400;

/**
 * A platform's records of an organization over the 400 days before `until`, past the door, since each that came through
 * it would be an event of its trail: services of which every tenth was changed half-way, a backup a day of which every
 * twentieth service lacks three, a sample a day, and what a collector read of each service and of the organization.
 */
export async function recordPosture(client, organizationNo, { services, until }) {
  const { rows } = await client.query('SELECT 1 FROM services WHERE organization_no = $1 LIMIT 1', [organizationNo]);
  if (rows.length > 0) return;
  const values = [organizationNo, new Date(until)];
  await client.query('BEGIN');
  await client.query(
    `CREATE TEMPORARY TABLE asked ON COMMIT DROP AS
     SELECT n, gen_random_uuid() AS service_id, $1::timestamptz - interval '${DAYS} days' AS since
     FROM generate_series(1, $2::integer) AS n`,
    [values[1], services],
  );
  await client.query(
    'INSERT INTO services (organization_no, service_id, created_at) SELECT $1, service_id, since FROM asked',
    [organizationNo],
  );
  for (const statement of [VERSIONS, BACKUPS, SAMPLES, OF_SERVICES, CAPACITY, OF_THE_ORGANIZATION]) {
    await client.query(statement, values);
  }
  await client.query('COMMIT');
  await client.query('VACUUM (ANALYZE) services, service_versions, backups, posture_samples, observation_spans');
}

const VERSIONS = `
  INSERT INTO service_versions (organization_no, service_id, valid_from, valid_to, name, database_type, zones,
    storage_encrypted_at_rest, backup_encryption, tls_enabled, backup_schedule, backup_retention_days)
  SELECT $1, service_id, begins, ends, 'orders-' || n, 'postgresql',
    ARRAY[(ARRAY['eu-central-1', 'europe-west3', 'eu-west-1', 'us-east-1'])[1 + n % 4]], true,
    CASE WHEN n % 3 > 0 THEN 'AES-256-GCM' END, ends IS NULL OR n % 20 > 0, 'daily', 30
  FROM asked CROSS JOIN LATERAL (
    SELECT since AS begins, CASE WHEN n % 10 = 0 THEN since + interval '200 days' END AS ends
    UNION ALL SELECT since + interval '200 days', NULL WHERE n % 10 = 0) AS version
  WHERE begins < $2`;

const BACKUPS = `
  INSERT INTO backups (organization_no, service_id, backup_id, completed_at, type, status, recorded_at)
  SELECT $1, service_id, gen_random_uuid(), since + day * interval '1 day' + n * interval '1 minute', 'automated',
    'completed', $2
  FROM asked CROSS JOIN generate_series(0, ${DAYS - 1}) AS day
  WHERE n % 20 > 0 OR day NOT BETWEEN 150 AND 152`;

const TIME = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;
/** Their contents are canonical JSON. */
const SAMPLES = `
  INSERT INTO posture_samples (organization_no, day, sampled_at, service_count, content, sha256)
  SELECT $1, (at AT TIME ZONE 'UTC')::date, at, count, content, sha256(convert_to(content, 'UTF8'))
  FROM generate_series(date_trunc('day', $2::timestamptz, 'UTC') - interval '${DAYS - 1} days' + interval '1 hour', $2,
    interval '1 day') AS at
  CROSS JOIN LATERAL (
    SELECT count(*) AS count, '[' || string_agg(format('{"last_backup_at":%s,"service_id":"%s","valid_from":"%s"}',
        coalesce(to_json(to_char(b.completed_at AT TIME ZONE 'UTC', ${TIME}))::text, 'null'), v.service_id,
        to_char(v.valid_from AT TIME ZONE 'UTC', ${TIME})), ',' ORDER BY v.service_id) || ']' AS content
    FROM service_versions v LEFT JOIN LATERAL (
      SELECT completed_at FROM backups
      WHERE organization_no = $1 AND service_id = v.service_id AND status = 'completed' AND completed_at <= at
      ORDER BY completed_at DESC LIMIT 1) AS b ON true
    WHERE v.organization_no = $1 AND v.valid_from <= at AND (v.valid_to IS NULL OR v.valid_to > at)) AS seen
  WHERE content IS NOT NULL
  ON CONFLICT DO NOTHING`;

const COLUMNS = 'organization_no, service_id, fact, first_at, last_at, value, collector_id, collector_version';

const OF_SERVICES = `
  INSERT INTO observation_spans (${COLUMNS})
  SELECT $1, service_id, fact, since, $2, value, 'agent', '4.2'
  FROM asked CROSS JOIN (VALUES ('tls_required', 'true'), ('tls_min_version', '"1.2"'), ('auth_required', 'true'),
    ('network_exposure', '"private"'), ('storage_cipher', '"AES-256-XTS"'), ('backup_zones', '["eu-central-1"]'),
    ('availability_topology', '{"failover":true,"nodes":3,"zones":2}'),
    ('backup_integrity_check', '{"method":"restore","passed":true}')) AS reading (fact, value)`;

/** Each day another value, so each a row of its own; they grow slowly, and waver by three percent. */
const CAPACITY = `
  INSERT INTO observation_spans (${COLUMNS})
  SELECT $1, service_id, 'capacity', at, at + interval '20 hours',
    format('{"alert_open":false,"used_percent":%s}', 41 + (day * 7) % 3 + day / 20), 'agent', '4.2'
  FROM asked CROSS JOIN generate_series(0, ${DAYS - 1}) AS day
  CROSS JOIN LATERAL (SELECT since + day * interval '1 day' AS at) AS time
  WHERE at < $2`;

const OF_THE_ORGANIZATION = `
  INSERT INTO observation_spans (${COLUMNS})
  SELECT $1, '00000000-0000-0000-0000-000000000000', fact, $2::timestamptz - interval '${DAYS} days', $2, value, 'agent',
    '4.2'
  FROM (VALUES ('mfa_enforced', 'true'), ('shared_accounts', '[]'), ('clock', '{"max_skew_ms":4,"source":"ntp"}'),
    ('write_failures', '{"count":0,"longest_outage_seconds":0}')) AS reading (fact, value)`;
