import type { Secret } from '../secret.ts';
import type { Queryable } from '../storage/database.ts';
import { auditKeyId, macKey, type AuditMac, type MacKey } from './audit-mac.ts';
import type { AuditSecrets, AuditSecretSource } from './audit-secrets.ts';
import { createHmacSha256 } from './hmac-sha256.ts';
import { KeyringError } from './keyring-error.ts';
import { beginTurn, listMacKeys, listTurnKeys, newestTurn, recordMacKey } from './keyring-store.ts';

/** The keys of the audit MAC over time. */
export interface AuditKeys {
  readonly auditMac: AuditMac;
  /** Whether `refresh` has something to ask. */
  readonly hasSource: boolean;
  /**
   * Asks the source again. If it has another current secret than the last time, that one's turn begins.
   *
   * @returns whether another key signs now
   * @throws {KeyringError} `audit_secret_unreadable` or `audit_secret_unusable`: nothing has changed
   */
  refresh(stopped?: AbortSignal): Promise<boolean>;
}

/** Requests that find this server behind must not become a flood at the source. */
const SOURCE_PAUSE_MS = 5000;

/** They wait for the answer, so it has less time than the one that nobody waits for. */
const SOURCE_HURRY_MS = 3000;

/** More servers than this don't start at once with as many different secrets. */
const MOST_ATTEMPTS = 10;

/**
 * Opens the MAC with the current secret, whose turn begins if another key had it before. A turn is committed before its
 * key signs anything. Each key that events can name must be given: a lost one is found here and not at the audit.
 *
 * @throws {KeyringError} `audit_secret_missing`, and what `source` throws
 */
export async function openAuditKeys(
  db: Queryable,
  given: AuditSecrets,
  source: AuditSecretSource | undefined,
  clock: () => Date,
): Promise<AuditKeys> {
  const secrets = new Map<string, Secret>();
  /** For checks, which verify many. */
  const macs = new Map<string, ReturnType<typeof createHmacSha256>>();
  let ids: ReadonlyMap<number, string> = new Map();
  let lastGiven = auditKeyId(given.current);
  let sourceAskedAt = -Infinity;
  let underWay: Promise<unknown> = Promise.resolve();

  const learn = ({ current: newest, previous }: AuditSecrets): void => {
    for (const secret of [...previous, newest]) {
      const keyId = auditKeyId(secret);
      if (!secrets.has(keyId)) macs.set(keyId, createHmacSha256(secret));
      secrets.set(keyId, secret);
    }
  };
  const ask = async (stopped?: AbortSignal): Promise<string | undefined> => {
    if (source === undefined) return undefined;
    sourceAskedAt = performance.now();
    const answer = await source.read(stopped);
    learn(answer);
    return auditKeyId(answer.current);
  };
  const begin = async (keyId: string): Promise<void> => {
    await recordMacKey(db, keyId, clock());
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      await beginTurn(db, keyId, clock());
      if ((await newestTurn(db))?.key_id === keyId) return;
    }
    throw behindError(keyId);
  };
  /** The key of the newest turn, if its secret is known. */
  const keyOfTheTurn = async (): Promise<MacKey | undefined> => {
    ids = new Map((await listMacKeys(db)).map((key) => [key.key_no, key.key_id]));
    const turn = await newestTurn(db);
    const secret = turn === undefined ? undefined : secrets.get(turn.key_id);
    if (turn === undefined || secret === undefined) return undefined;
    return macKey({ keyId: turn.key_id, keyNo: turn.key_no, turnNo: turn.turn_no }, secret);
  };

  learn(given);
  const lost = await findLostKey(db, [...secrets.values()]);
  if (lost !== undefined) throw missingSecret(lost);
  await begin(lastGiven);
  const first = await keyOfTheTurn();
  // Another server began a turn in this very moment.
  if (first === undefined) throw behindError('another one');
  let current = first;

  /** One after the other: each leaves `current` at the newest turn that it saw, and turns only go on. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = underWay.then(work);
    underWay = done.catch(() => undefined);
    return done;
  };
  const moveOn = (key: MacKey | undefined): boolean => {
    if (key === undefined) return false;
    if (key.turnNo > current.turnNo) current = key;
    return true;
  };
  let catchingUp: Promise<boolean> | undefined;
  const catchUp = (): Promise<boolean> => {
    catchingUp ??= inTurn(async () => {
      if (moveOn(await keyOfTheTurn())) return true;
      if (source === undefined || performance.now() - sourceAskedAt < SOURCE_PAUSE_MS) return false;
      await ask(AbortSignal.timeout(SOURCE_HURRY_MS));
      return moveOn(await keyOfTheTurn());
    }).finally(() => {
      catchingUp = undefined;
    });
    return catchingUp;
  };
  const behind = (keyId = 'another one'): KeyringError => {
    catchUp().catch(() => undefined);
    return behindError(keyId);
  };

  const keyIdOf = (keyNo: number): string => {
    const keyId = ids.get(keyNo);
    if (keyId === undefined) throw behind(`number ${keyNo}`);
    return keyId;
  };

  /** One at a time, since an answer that comes late must not bring back what a later one has replaced. */
  let refreshing: Promise<boolean> | undefined;
  const refresh = async (stopped: AbortSignal | undefined): Promise<boolean> => {
    const newest = await ask(stopped);
    return inTurn(async () => {
      const { turnNo } = current;
      // Only a change counts: a secret that was current before must not end the turn that another server has begun.
      if (newest !== undefined && newest !== lastGiven) {
        await begin(newest);
        lastGiven = newest;
      }
      moveOn(await keyOfTheTurn());
      return current.turnNo !== turnNo;
    });
  };

  const auditMac: AuditMac = {
    get current() {
      return current;
    },
    mac: (message) => current.mac(message),
    verify(keyNo, message, mac) {
      const keyId = keyIdOf(keyNo);
      const macUnder = macs.get(keyId);
      if (macUnder === undefined) {
        throw new KeyringError(
          'audit_secret_missing',
          `The secret ${keyId} is not set, so nothing under it is checked.`,
        );
      }
      return macUnder(message, true) === mac;
    },
    keyIdOf,
    behind: () => behind(),
    catchUp,
  };
  return {
    auditMac,
    hasSource: source !== undefined,
    refresh: (stopped) => {
      refreshing ??= refresh(stopped).finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
  };
}

/** The id of a key that events can name and that none of these secrets has. */
export async function findLostKey(db: Queryable, secrets: readonly Secret[]): Promise<string | undefined> {
  const known = new Set(secrets.map(auditKeyId));
  return (await listTurnKeys(db)).find((keyId) => !known.has(keyId));
}

export function missingSecret(keyId = '?'): KeyringError {
  return new KeyringError(
    'audit_secret_missing',
    `Events are signed under the secret ${keyId}, which is not set: put it back as AUDIT_HMAC_SECRET, or, if it ` +
      'was replaced on purpose, add it to AUDIT_HMAC_PREVIOUS_SECRETS.',
  );
}

function behindError(keyId: string): KeyringError {
  return new KeyringError(
    'audit_key_behind',
    `Another server signs under a newer key (${keyId}) that this one does not know yet; try again in a moment.`,
  );
}
