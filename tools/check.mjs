// `npm run check`: format, lint (imports between rooms included), types of everything, unused code.
import { bin, prepare, run, say } from './prepare.mjs';

prepare();
const steps = [
  ['format', 'oxfmt', ['--check', '.']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['types', 'tsc', ['-b', 'tsconfig.test.json']],
  ['types of the dashboard', 'tsc', ['-p', 'packages/dashboard']],
  ['types of its tests', 'tsc', ['-p', 'packages/dashboard/test']],
  ['unused code', 'knip', []],
];
for (const [what, tool, args] of steps) {
  say(`${String(what)} …`);
  run(process.execPath, [bin(tool), ...args]);
}
