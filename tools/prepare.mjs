// Makes a fresh clone ready: packages installed as the lockfile says, TypeScript compiled. Runs before anything is
// installed, so it uses nothing but Node.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

const stamp = path.join(root, 'node_modules', '.cache', 'veritrail-installed');

/** Installs when the lockfile isn't the one that was installed last; compiles what changed. */
export function prepare() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Veritrail needs Node.js 20.19 or later; this is ${process.versions.node}.`);
    process.exit(1);
  }
  const digest = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest) {
    say('Installing packages (once; about a minute) …');
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    mkdirSync(path.dirname(stamp), { recursive: true });
    writeFileSync(stamp, digest);
  }
  build();
  buildDashboard();
}

export function build() {
  say('Compiling …');
  run(process.execPath, [bin('tsc'), '-b', ...PACKAGES]);
}

/** What the dashboard is made of; the lockfile stands for the tools and libraries. */
const DASHBOARD_SOURCES = [
  'packages/dashboard/index.html',
  'packages/dashboard/vite.config.ts',
  'packages/dashboard/src',
  'packages/controls/src',
  'packages/formats/src',
  'packages/verify/src',
  'package-lock.json',
];

/** Bundles the dashboard, unless what is there was made of the same sources. */
export function buildDashboard() {
  const built = path.join(root, 'packages/dashboard/dist/.sources');
  const hash = createHash('sha256');
  for (const file of DASHBOARD_SOURCES.flatMap(filesIn))
    hash.update(`${file}\n`).update(readFileSync(path.join(root, file)));
  const digest = hash.digest('hex');
  if (existsSync(built) && readFileSync(built, 'utf8') === digest) return;
  say('Building the dashboard …');
  rmSync(built, { force: true });
  run(process.execPath, [bin('vite'), 'build', '--logLevel', 'warn', 'packages/dashboard']);
  writeFileSync(built, digest);
}

function filesIn(from) {
  const at = path.join(root, from);
  if (!from.includes('/src')) return [from];
  const names = readdirSync(at, { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();
}

export const PACKAGES = ['formats', 'controls', 'verify', 'client', 'server', 'cli'].map((name) => `packages/${name}`);

/** The script behind a command of node_modules/.bin, so that it runs without a shell everywhere. */
export function bin(name) {
  const packages = {
    tsc: '@typescript/native/bin/tsc',
    vite: 'vite/bin/vite.js',
    vitest: 'vitest/vitest.mjs',
    oxlint: 'oxlint/bin/oxlint',
    oxfmt: 'oxfmt/bin/oxfmt',
    knip: 'knip/bin/knip.js',
  };
  return path.join(root, 'node_modules', packages[name]);
}

/** Runs a step in the foreground; a failed one ends the whole with its exit code. */
export function run(command, args, options = {}) {
  const { status, signal, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? (signal ? 1 : 0));
}

export function say(text) {
  console.error(text);
}
