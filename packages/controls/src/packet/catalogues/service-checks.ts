import { checkFact, isOneOf, isTrue, namesCipher } from '../rules/fact-checks.ts';

/** What several frameworks ask of a service, in the same words. */
export const storageEncrypted = isTrue('storage_encrypted_at_rest', {
  needed: 'whether its storage is encrypted',
  failing: 'its storage was not encrypted',
});
export const storageCipher = namesCipher('storage_cipher', {
  needed: 'the cipher of its storage',
  failing: 'no cipher of its storage is named',
});
export const backupsEncrypted = namesCipher('backup_encryption', {
  needed: 'the cipher of its backups',
  failing: 'its backups were not encrypted',
});
export const tlsRequired = isTrue('tls_required', {
  needed: 'whether plaintext connections are refused',
  failing: 'plaintext connections were accepted',
});
/** Offered is not required, but what isn't offered can't be. */
export const tlsOffered = isTrue('tls_enabled', { needed: 'whether TLS is offered', failing: 'TLS was off' });
export const signInRequired = isTrue('auth_required', {
  needed: 'whether sign-in is required',
  failing: 'sign-in was not required',
});
export const notOpen = isOneOf('network_exposure', ['private', 'allow_list'], {
  needed: 'from where it can be reached',
  failing: 'it was open to every address',
});
export const failsOver = checkFact(
  'availability_topology',
  'fails_over',
  {},
  { needed: 'its nodes and whether it fails over', failing: 'no other node could take over' },
  ({ nodes, failover }) => nodes < 2 || !failover,
);
