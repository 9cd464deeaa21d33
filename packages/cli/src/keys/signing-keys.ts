import {
  openDiagnostics,
  readConfiguration,
  readSigningKeys,
  retireSigningKeyBeside,
  rotateSigningKeyBeside,
  signingKeyFingerprint,
  type Configuration,
  type Diagnostics,
} from '@veritrail/server';

import { explain } from '../serve/run-server.ts';

export function listSigningKeys(): Promise<void> {
  return withSettings(async (configuration, diagnostics) => {
    const keys = await readSigningKeys(configuration, diagnostics);
    const rows = [
      ['key id', 'created', 'now', 'fingerprint'],
      ...keys.map((key) => [
        key.key_id,
        key.created_at,
        key.retired_at === null ? 'signs' : `retired ${key.retired_at}`,
        signingKeyFingerprint(Buffer.from(key.public_key, 'base64')),
      ]),
    ];
    return rows
      .map(([id = '', created = '', now = '', fingerprint = '']) =>
        [id.padEnd(14), created.padEnd(27), now.padEnd(28), fingerprint].join('  '),
      )
      .join('\n');
  });
}

export function rotateSigningKey(): Promise<void> {
  return withSettings(async (configuration, diagnostics) => {
    const { from, to } = await rotateSigningKeyBeside(configuration, diagnostics);
    return from === undefined ? `${to} signs now.` : `${to} signs now; ${from} is retired and verifies for ever.`;
  });
}

export function retireSigningKey(keyId: string, forget: boolean): Promise<void> {
  return withSettings(async (configuration, diagnostics) => {
    const { retired, forgotten } = await retireSigningKeyBeside(configuration, diagnostics, keyId, { forget });
    const said = [
      retired
        ? `${keyId} is retired. No key signs now: packets are refused until \`veritrail keys signing rotate\`.`
        : `${keyId} was retired before.`,
    ];
    if (forget) said.push(forgotten ? 'Its private half is destroyed.' : 'Its private half was destroyed before.');
    return said.join('\n');
  });
}

async function withSettings(
  work: (configuration: Configuration, diagnostics: Diagnostics) => Promise<string>,
): Promise<void> {
  try {
    const configuration = readConfiguration(process.env, process.cwd());
    process.stdout.write(`${await work(configuration, openDiagnostics('silent'))}\n`);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 1;
  }
}
