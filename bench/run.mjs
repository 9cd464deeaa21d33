import { describeMachine } from './support/machine.mjs';
import { holds, keepResult, promise, range, shown } from './support/results.mjs';

/** In the order in which they run; each file exports `title` and `run`. */
const BENCHES = [
  'exact-json',
  'start',
  'posture-report',
  'single-events',
  'batches',
  'lists',
  'reports',
  'export',
  'pdf',
  'packets',
  'check-trail',
  'pdf',
  'soak',
];

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !BENCHES.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`There is no bench ${unknown}; there are ${BENCHES.join(', ')}.\n`);
  process.exit(1);
}

for (const name of BENCHES.filter((one) => asked.length === 0 || asked.includes(one))) {
  const machine = describeMachine();
  const bench = await import(`./${name}.mjs`);
  process.stdout.write(`\n${bench.title}\n`);
  const found = await bench.run((line) => process.stdout.write(`  … ${line}\n`));
  const result = {
    name,
    title: bench.title,
    command: `npm run bench ${name}`,
    date: new Date().toISOString().slice(0, 10),
    machine,
    ...found,
  };
  await keepResult(result);
  for (const figure of result.figures) {
    const verdict = { true: 'holds', false: 'DOES NOT HOLD', undefined: '' }[String(holds(figure))];
    const line = [figure.figure, shown(figure), `(${range(figure)})`, promise(figure), verdict];
    process.stdout.write(`  ${line.filter((part) => part !== '' && part !== '()').join('  ')}\n`);
  }
  for (const note of result.notes) process.stdout.write(`  ${note}\n`);
}
