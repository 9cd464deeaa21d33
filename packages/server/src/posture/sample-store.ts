import type { Queryable } from '../storage/database.ts';

/** One service as it stood when the sample was taken. */
export interface SampledService {
  readonly service_id: string;
  /** Since when what the history says of it has held. */
  readonly valid_from: string;
  /** When the newest completed backup was completed. */
  readonly last_backup_at: string | null;
}

export interface Sample {
  /** UTC, YYYY-MM-DD. */
  readonly day: string;
  readonly sampled_at: string;
  readonly service_count: number;
  /** Of the content's bytes, in hex. */
  readonly sha256: string;
}

export interface SampleWithContent extends Sample {
  /** Canonical JSON: an array of SampledService, by service_id. */
  readonly content: string;
}

const HEAD = `to_char(day, 'YYYY-MM-DD') AS day, sampled_at, service_count, encode(sha256, 'hex') AS sha256`;

/** One statement, so one snapshot: what stands, and of each service's backups one index probe. */
export async function readServicesForSample(
  tx: Queryable,
  organizationNo: number,
  at: Date,
): Promise<SampledService[]> {
  const { rows } = await tx.query<SampledService>(
    `SELECT v.service_id, v.valid_from, b.completed_at AS last_backup_at
     FROM service_versions v JOIN services s USING (organization_no, service_id)
     LEFT JOIN LATERAL (
       SELECT completed_at FROM backups
       WHERE organization_no = v.organization_no AND service_id = v.service_id AND status = 'completed'
         AND completed_at <= $2 AND recorded_at >= s.created_at
       ORDER BY completed_at DESC LIMIT 1) b ON true
     WHERE v.organization_no = $1 AND v.valid_to IS NULL ORDER BY v.service_id`,
    [organizationNo, at],
  );
  return rows;
}

export async function hasSample(tx: Queryable, organizationNo: number, day: string): Promise<boolean> {
  const { rowCount } = await tx.query('SELECT 1 FROM posture_samples WHERE organization_no = $1 AND day = $2', [
    organizationNo,
    day,
  ]);
  return rowCount === 1;
}

/** Of two servers that take a day's sample the first wins. @returns whether this one is kept */
export async function insertSample(
  tx: Queryable,
  organizationNo: number,
  sample: Omit<SampleWithContent, 'sampled_at' | 'sha256'> & { readonly sampled_at: Date },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO posture_samples (organization_no, day, sampled_at, service_count, content, sha256)
     VALUES ($1, $2, $3, $4, $5, sha256(convert_to($5, 'UTF8'))) ON CONFLICT DO NOTHING`,
    [organizationNo, sample.day, sample.sampled_at, sample.service_count, sample.content],
  );
  return rowCount === 1;
}

/** Oldest first, without content; both days are included. */
export async function listSamples(
  tx: Queryable,
  organizationNo: number,
  days: { readonly from: string; readonly to: string },
  page: { readonly limit: number; readonly offset: number },
): Promise<{ samples: Sample[]; total: number }> {
  const { rows } = await tx.query<Sample>(
    `SELECT ${HEAD} FROM posture_samples WHERE organization_no = $1 AND day BETWEEN $2 AND $3
     ORDER BY posture_samples.day LIMIT $4 OFFSET $5`,
    [organizationNo, days.from, days.to, page.limit, page.offset],
  );
  const count = await tx.query<{ n: number }>(
    'SELECT count(*) AS n FROM posture_samples WHERE organization_no = $1 AND day BETWEEN $2 AND $3',
    [organizationNo, days.from, days.to],
  );
  return { samples: rows, total: count.rows[0]?.n ?? 0 };
}

/** Oldest first, both days included. Some 150 bytes a service and day: ask for some weeks at a time. */
export async function readSamples(
  tx: Queryable,
  organizationNo: number,
  days: { readonly from: string; readonly to: string },
): Promise<SampleWithContent[]> {
  const { rows } = await tx.query<SampleWithContent>(
    `SELECT ${HEAD}, content FROM posture_samples WHERE organization_no = $1 AND day BETWEEN $2 AND $3
     ORDER BY posture_samples.day`,
    [organizationNo, days.from, days.to],
  );
  return rows;
}
