import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { writeDurably } from './keyring/secret-file.ts';
import { Secret } from './secret.ts';
import { createOrganization, type FurnishOrganization } from './tenancy/create-organization.ts';
import type { Ground } from './tenancy/ground.ts';
import { issueApiKeyWithin } from './tenancy/manage-api-keys.ts';
import { anyOrganization, refOf } from './tenancy/organization-store.ts';
import { hashPassword } from './tenancy/password.ts';
import { insertUser } from './tenancy/user-store.ts';

/** What the first start leaves for whoever goes on: in first-run.json, mode 0600. */
export interface FirstRun {
  base_url: string;
  organization_id: string;
  email: string;
  password: string;
  api_key: string;
  api_secret: string;
  audit_hmac_secret: string;
}

export interface FirstRunSettings {
  readonly dataDirectory: string;
  readonly baseUrl: string;
  readonly email: string;
  readonly password: Secret | undefined;
  readonly organizationName: string;
  /** Written down only if the server made it up. */
  readonly generatedAuditSecret: Secret | undefined;
}

const FILE = 'first-run.json';

/** "veritrail first run": held while looking and creating, so that of two first starts on one database one creates. */
const FIRST_RUN_LOCK = 0x7666_7231;

/**
 * Creates the first organization and its owner in an empty database. The file is written before the commit: a crash in
 * between leaves a file that the next start overwrites, never an organization that nobody can get into.
 *
 * @returns what was created, or undefined if the database has organizations already
 */
export async function firstRun(
  ground: Ground,
  furnish: FurnishOrganization,
  settings: FirstRunSettings,
): Promise<FirstRun | undefined> {
  if (await anyOrganization(ground.db.direct)) return undefined;
  const password = settings.password ?? new Secret(randomBytes(18).toString('base64url'));
  const passwordHash = await hashPassword(password.reveal());
  return ground.db.unscoped(async (tx) => {
    await tx.query(`SELECT pg_advisory_xact_lock(${FIRST_RUN_LOCK})`);
    if (await anyOrganization(tx)) return undefined;
    const userId = randomUUID();
    const actor = { id: userId, username: settings.email, ipAddress: null, userAgent: null };
    const user = { user_id: userId, email: settings.email, name: 'Owner', password_hash: passwordHash };
    await insertUser(tx, user, ground.clock());
    const input = { name: settings.organizationName, billing_email: settings.email };
    const organization = await createOrganization(ground, tx, furnish, actor, userId, input);
    const caller = { actor, organization: refOf(organization) };
    const key = await issueApiKeyWithin(ground, tx, caller, { name: 'First key', role: 'owner' });
    const facts: FirstRun = {
      base_url: settings.baseUrl,
      organization_id: organization.organization_id,
      email: settings.email,
      password: password.reveal(),
      api_key: key.key,
      api_secret: key.secret,
      audit_hmac_secret: settings.generatedAuditSecret?.reveal() ?? '',
    };
    await writeDurably(path.join(settings.dataDirectory, FILE), `${JSON.stringify(facts, null, 2)}\n`);
    return facts;
  });
}

/** On later starts the address may be another one; everything else in the file stays as it is. */
export async function refreshBaseUrl(dataDirectory: string, baseUrl: string): Promise<void> {
  const file = path.join(dataDirectory, FILE);
  let facts: FirstRun;
  try {
    facts = JSON.parse(await readFile(file, 'utf8')) as FirstRun;
  } catch {
    // Deleted on purpose, most likely: it holds a password.
    return;
  }
  if (facts.base_url === baseUrl) return;
  await writeDurably(file, `${JSON.stringify({ ...facts, base_url: baseUrl }, null, 2)}\n`);
}
