import type * as AwsSdk from '@aws-sdk/client-secrets-manager';
import type {
  GetSecretValueCommandInput,
  SecretsManagerClient,
  SecretVersionsListEntry,
} from '@aws-sdk/client-secrets-manager';

import type { Diagnostics } from '../diagnostics.ts';
import type { Secret } from '../secret.ts';
import { asAuditSecret, type AuditSecrets, type AuditSecretSource } from './audit-secrets.ts';
import { explainAwsError, isAwsRefusal, within } from './aws-answers.ts';
import { KeyringError } from './keyring-error.ts';

export interface AwsAuditSecretSettings {
  /** Name or ARN. */
  readonly secretId: string;
  /** For everything that one reading asks, retries included. */
  readonly patienceMs?: number;
  /** For one attempt. */
  readonly attemptMs?: number;
}

type Sdk = typeof AwsSdk;

/** Below the time that a supervisor gives a start or a stop. */
const PATIENCE_MS = 20_000;
const ATTEMPT_MS = 5000;
/** Secrets Manager keeps about a hundred versions; more are there only if each has a label. */
const MOST_VERSIONS = 200;
const AT_ONCE = 8;
/** The member that a key/value secret, as the console makes it, holds the secret in. */
const MEMBER = 'AUDIT_HMAC_SECRET';

/**
 * The audit secrets in AWS Secrets Manager: AWSCURRENT is the current one; all other versions that are still there,
 * those without a label too, are previous ones. AWSPENDING is left out until it becomes current. Region, credentials
 * and endpoint are found as the SDK finds them; the region of an ARN comes first.
 *
 * @throws {KeyringError} `audit_secret_unreadable` if the SDK isn't installed
 */
export async function openAwsAuditSecret(
  settings: AwsAuditSecretSettings,
  diagnostics: Diagnostics,
): Promise<AuditSecretSource> {
  const sdk = await importSdk();
  const region = /^arn:[^:]+:secretsmanager:([^:]+):/.exec(settings.secretId)?.[1];
  const attemptMs = settings.attemptMs ?? ATTEMPT_MS;
  const client = new sdk.SecretsManagerClient({
    ...(region !== undefined && { region }),
    requestHandler: { connectionTimeout: attemptMs, requestTimeout: attemptMs, throwOnRequestTimeout: true },
  });
  // The value of a version never changes.
  const values = new Map<string, Secret | undefined>();
  let last: { readonly versionId: string; readonly secrets: AuditSecrets } | undefined;

  const readAll = async (signal: AbortSignal): Promise<AuditSecrets> => {
    const { versionId, text } = await getValue(
      sdk,
      client,
      { SecretId: settings.secretId, VersionStage: 'AWSCURRENT' },
      signal,
    );
    if (last?.versionId === versionId) return last.secrets;
    const current = secretIn(text);
    if (current === undefined) throw unusable(settings.secretId);
    values.set(versionId, current);
    for (const ids of chunks(await olderVersions(versionId, signal), AT_ONCE)) {
      await Promise.all(ids.map((id) => readOlder(id, signal)));
    }
    const previous = [...values.values()].filter((secret) => secret !== undefined && secret !== current) as Secret[];
    last = { versionId, secrets: { current, previous } };
    return last.secrets;
  };

  /** What isn't there any longer, or never was a secret of ours, is missed only if events name it. */
  const readOlder = async (versionId: string, signal: AbortSignal): Promise<void> => {
    if (values.has(versionId)) return;
    try {
      const query = isStage(versionId) ? { VersionStage: versionId } : { VersionId: versionId };
      const found = await getValue(sdk, client, { SecretId: settings.secretId, ...query }, signal);
      values.set(found.versionId, secretIn(found.text));
    } catch (error) {
      if (!isAwsRefusal(error)) throw error;
      diagnostics.info({ reason: explainAwsError(error) }, 'a previous version of the audit secret is not given out');
    }
  };

  const olderVersions = async (currentId: string, signal: AbortSignal): Promise<string[]> => {
    let entries: SecretVersionsListEntry[];
    try {
      entries = await listVersions(sdk, client, settings.secretId, signal);
    } catch (error) {
      if (!isAwsRefusal(error)) throw error;
      diagnostics.warn({ reason: explainAwsError(error) }, 'only two versions of the audit secret can be seen');
      return [PREVIOUS_STAGE];
    }
    return entries
      .filter(({ VersionStages: stages = [] }) => stages.length === 0 || stages.some((stage) => stage !== 'AWSPENDING'))
      .map((entry) => entry.VersionId ?? '')
      .filter((id) => id !== '' && id !== currentId);
  };

  return {
    async read(stopped) {
      try {
        return await within(settings.patienceMs ?? PATIENCE_MS, stopped, readAll);
      } catch (error) {
        if (error instanceof KeyringError) throw error;
        throw new KeyringError(
          'audit_secret_unreadable',
          `Secrets Manager does not give out the secret that AUDIT_HMAC_SECRET_ARN names (${explainAwsError(error)}); ` +
            'check the name, the region, the credentials and that they allow secretsmanager:GetSecretValue on it.',
        );
      }
    },
    close: () => client.destroy(),
  };
}

const PREVIOUS_STAGE = 'AWSPREVIOUS';

function isStage(version: string): boolean {
  return version === PREVIOUS_STAGE;
}

/** An optional dependency of some 16 MB, loaded only by who sets AUDIT_HMAC_SECRET_ARN. */
async function importSdk(): Promise<Sdk> {
  try {
    return await import('@aws-sdk/client-secrets-manager');
  } catch (cause) {
    throw new KeyringError(
      'audit_secret_unreadable',
      'AUDIT_HMAC_SECRET_ARN needs the package @aws-sdk/client-secrets-manager; install it, or set AUDIT_HMAC_SECRET.',
      { cause },
    );
  }
}

async function getValue(
  sdk: Sdk,
  client: SecretsManagerClient,
  query: GetSecretValueCommandInput,
  abortSignal: AbortSignal,
): Promise<{ versionId: string; text: string | undefined }> {
  const answer = await client.send(new sdk.GetSecretValueCommand(query), { abortSignal });
  if (typeof answer.VersionId !== 'string' || answer.VersionId === '')
    throw new TypeError('the answer names no version');
  return { versionId: answer.VersionId, text: answer.SecretString };
}

/** Newest first. */
async function listVersions(
  sdk: Sdk,
  client: SecretsManagerClient,
  SecretId: string,
  abortSignal: AbortSignal,
): Promise<SecretVersionsListEntry[]> {
  const entries: SecretVersionsListEntry[] = [];
  let NextToken: string | undefined;
  do {
    const query = { SecretId, IncludeDeprecated: true, MaxResults: 100, ...(NextToken !== undefined && { NextToken }) };
    const answer = await client.send(new sdk.ListSecretVersionIdsCommand(query), { abortSignal });
    entries.push(...(answer.Versions ?? []));
    NextToken = answer.NextToken;
  } while (NextToken !== undefined && entries.length < MOST_VERSIONS);
  return entries
    .sort((a, b) => (b.CreatedDate?.getTime() ?? 0) - (a.CreatedDate?.getTime() ?? 0))
    .slice(0, MOST_VERSIONS);
}

/**
 * The string as it is; of a JSON object the member AUDIT_HMAC_SECRET. An object without it is no secret: taken whole, it
 * would sign and no verifier would have it.
 */
function secretIn(text: string | undefined): Secret | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return asAuditSecret(text);
  }
  if (typeof value !== 'object' || value === null) return asAuditSecret(text);
  const member: unknown = (value as Record<string, unknown>)[MEMBER];
  return typeof member === 'string' ? asAuditSecret(member) : undefined;
}

function unusable(secretId: string): KeyringError {
  return new KeyringError(
    'audit_secret_unusable',
    `The secret ${secretId} must be a string of 16 or more printable ASCII characters without spaces or line ends, or a ` +
      `JSON object with such a member ${MEMBER}; put a new version there.`,
  );
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
