/** What a platform says of one of its services. Wire names; the bytes of reports are made from exactly these values. */
export interface ServiceFacts {
  readonly name: string;
  readonly database_type: string;
  readonly zones: readonly string[];
  readonly storage_encrypted_at_rest: boolean;
  readonly backup_encryption: 'AES-256-GCM' | null;
  readonly tls_enabled: boolean;
  readonly backup_schedule: BackupSchedule;
  readonly backup_retention_days: number;
}

export const BACKUP_SCHEDULES = ['hourly', 'daily', 'weekly', 'none'] as const;
export type BackupSchedule = (typeof BACKUP_SCHEDULES)[number];

export const FACT_NAMES = [
  'name',
  'database_type',
  'zones',
  'storage_encrypted_at_rest',
  'backup_encryption',
  'tls_enabled',
  'backup_schedule',
  'backup_retention_days',
] as const satisfies readonly (keyof ServiceFacts)[];

/** As it stands now. */
export interface Service extends ServiceFacts {
  readonly service_id: string;
  readonly created_at: string;
  readonly updated_at: string;
}

/** What was true from when to when; `valid_to` is null for what is true now. */
export interface ServiceVersion extends ServiceFacts {
  readonly valid_from: string;
  readonly valid_to: string | null;
}
