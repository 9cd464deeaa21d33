/**
 * Makes the packets of vectors/frozen/<format>/ anew, from a server with the demo organization. A released format's packets
 * are frozen: run this only before its release, or for a folder of a new format version.
 *
 *     npx tsc -b packages/cli && node vectors/freeze-packets.mjs vectors/frozen/evidence-packet-1.0
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const folder = resolve(process.argv[2] ?? '');
if (process.argv[2] === undefined) throw new Error('Name the folder to write to.');
const program = resolve(import.meta.dirname, '../packages/cli/dist/main.js');
const dataDirectory = mkdtempSync(join(tmpdir(), 'freeze-'));

const server = spawn(process.execPath, [program, 'serve', '--demo'], {
  env: {
    PATH: process.env.PATH,
    PORT: '0',
    DATA_DIR: dataDirectory,
    LOG_LEVEL: 'warn',
    OPERATOR_NAME: 'Example Cloud AB',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  const base = await addressOf(server);
  const demo = JSON.parse(readFileSync(join(dataDirectory, 'demo.json'), 'utf8'));
  const { key, secret } = demo.keys.owner;
  const authorization = `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
  const ask = async (method, path, body) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${bytes}`);
    return bytes;
  };
  const organization = `/organizations/${demo.organization_id}`;
  mkdirSync(folder, { recursive: true });
  const files = [];
  const keep = (name, bytes) => {
    writeFileSync(join(folder, name), bytes);
    files.push(`${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`);
  };
  for (const framework of ['soc2', 'dora']) {
    await ask('PUT', `${organization}/compliance-subscriptions/${framework}`);
    const bytes = await ask('POST', `${organization}/compliance-reports`, { framework });
    keep(`${framework}.json`, bytes);
    console.log(framework, bytes.length, JSON.parse(bytes).packet.summary.statuses);
  }
  keep('keys.json', await ask('GET', '/.well-known/compliance-signing-keys'));
  writeFileSync(join(folder, 'SHA256SUMS'), files.sort().join(''));
} finally {
  server.kill('SIGTERM');
  await new Promise((ended) => server.once('close', ended));
  rmSync(dataDirectory, { recursive: true });
}

/** Once the demo organization is filled, which the server says after it answers. */
function addressOf(child) {
  let said = '';
  return new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (piece) => {
      said += piece;
      const found = /Veritrail answers at (\S+)/.exec(said)?.[1];
      if (found !== undefined && said.includes('Keys of an owner')) resolve(found.replace('localhost', '127.0.0.1'));
    });
    child.once('close', () => reject(new Error(`It ended and said:\n${said}`)));
  });
}
