// Run after `npm install` changed the lockfile. A registry mirror that lacks a package's build for another platform
// makes npm leave that platform out, and then `npm ci` fails for whoever is on it. This adds the missing entries with
// the version that the parent asks for; npm there resolves them from its own registry.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { root } from './prepare.mjs';

const file = path.join(root, 'package-lock.json');
const lock = JSON.parse(readFileSync(file, 'utf8'));
const { packages } = lock;
const SYSTEM = /(android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32|windows|wasm32|aix)/;

let added = 0;
for (const [at, entry] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const last = name.split('/').at(-1);
    if (!SYSTEM.test(last) || !/^\d/.test(version) || isInstalledFor(at, name)) continue;
    const parent = at === '' || !at.includes('node_modules') ? {} : entry;
    packages[`node_modules/${name}`] = {
      version,
      ...platformOf(last),
      ...(parent.dev && { dev: true }),
      optional: true,
    };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([one], [other]) => (one < other ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.error(`${added} platform packages added to package-lock.json`);

/** Node looks in its own folder first, then in each one above. */
function isInstalledFor(from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(at.lastIndexOf('node_modules/'), 0)).replace(/\/$/, '')) {
    if (packages[`${at === '' ? '' : `${at}/`}node_modules/${name}`] !== undefined) return true;
    if (at === '') return false;
  }
}

function platformOf(name) {
  const [os, cpu, libc = ''] = name.slice(name.search(SYSTEM)).split('-');
  if (os === 'wasm32') return { cpu: ['wasm32'] };
  const kind = libc.includes('musl') ? ['musl'] : libc.includes('gnu') ? ['glibc'] : undefined;
  return { os: [os === 'windows' ? 'win32' : os], cpu: [cpu], ...(kind && { libc: kind }) };
}
