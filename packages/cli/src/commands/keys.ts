import type { Command } from 'commander';

export function addKeys(program: Command): void {
  const keys = program
    .command('keys')
    .description('the keys of the audit MAC and of evidence packets (docs/operating/keys.md)');
  keys
    .command('list')
    .description(
      'every key that signed audit events: its id, since when, and which one signs now; with the embedded database only ' +
        'while the server does not run',
    )
    .action(async () => {
      // The other commands start without loading a server.
      const { listKeys } = await import('../keys/list-keys.ts');
      await listKeys();
    });
  addSigningKeys(keys);
}

function addSigningKeys(keys: Command): void {
  const signing = keys
    .command('signing')
    .description(
      'the keys that evidence packets are signed with; with DATABASE_URL beside a running server, with the embedded ' +
        'database only while it does not run',
    );
  signing
    .command('list')
    .description('every key that was ever used, newest first, with the fingerprint of its public key')
    .action(async () => {
      const { listSigningKeys } = await import('../keys/signing-keys.ts');
      await listSigningKeys();
    });
  signing
    .command('rotate')
    .description('make a new key active and retire the one before, at once')
    .action(async () => {
      const { rotateSigningKey } = await import('../keys/signing-keys.ts');
      await rotateSigningKey();
    });
  signing
    .command('retire')
    .description(
      'retire a key without a successor: if it was the active one, packets are refused until the next rotation',
    )
    .argument('<key_id>', 'as `keys signing list` shows it')
    .option('--forget', 'destroy its private half too; what it signed stays verifiable')
    .action(async (keyId: string, options: { readonly forget?: true }) => {
      const { retireSigningKey } = await import('../keys/signing-keys.ts');
      await retireSigningKey(keyId, options.forget === true);
    });
}
