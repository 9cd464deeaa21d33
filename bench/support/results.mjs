import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

const FOLDER = path.join(import.meta.dirname, '..', 'results');
const README = path.join(import.meta.dirname, '../../README.md');
/** What stands between them in the README is written here. */
const [BEGIN, END] = ['<!-- figures: written by npm run bench -->', '<!-- end of figures -->'];

/**
 * @typedef {object} Figure
 * @property {string} figure what was compared with what
 * @property {number} value median over the rounds
 * @property {number} [low]
 * @property {number} [high]
 * @property {string} [unit] none for a ratio
 * @property {number} [atMost] what is promised
 * @property {number} [atLeast]
 */

/** @param {Figure} figure @returns {boolean | undefined} undefined where nothing is promised */
export function holds({ value, atMost, atLeast }) {
  if (atMost !== undefined) return value <= atMost;
  return atLeast === undefined ? undefined : value >= atLeast;
}

export async function keepResult(result) {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(path.join(FOLDER, `${result.name}.json`), `${JSON.stringify(result, null, 2)}\n`);
  const results = await readResults();
  await writeFile(path.join(FOLDER, 'README.md'), render(results));
  const readme = await readFile(README, 'utf8');
  const [before, rest] = readme.split(BEGIN);
  await writeFile(README, `${before}${BEGIN}${summary(results)}${END}${rest.slice(rest.indexOf(END) + END.length)}`);
}

/** What is promised, and what was measured. */
function summary(results) {
  const rows = results.flatMap((result) =>
    result.figures
      .filter((figure) => holds(figure) !== undefined)
      .map((figure) => {
        const measured = `${holds(figure) ? '' : '**'}${shown(figure)}${holds(figure) ? '' : '**'}`;
        const spread = range(figure);
        return `| \`${result.name}\` | ${figure.figure} | ${promise(figure)} | ${measured}${spread && ` (${spread})`} |\n`;
      }),
  );
  const machines = new Map(results.map((result) => [describe(result), result.date]));
  return `
| bench | figure | promised | measured |
| --- | --- | --- | --- |
${rows.join('')}
${[...machines].map(([machine, date]) => `${machine}, ${date}`).join('; ')}.
`;
}

function describe({ machine }) {
  return `${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB, ${machine.system}, Node ${machine.node}`;
}

async function readResults() {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(names.map(async (name) => JSON.parse(await readFile(path.join(FOLDER, name), 'utf8'))));
}

function render(results) {
  return `# Results

Written by \`npm run bench\`; how it measures is in [decision 8](../../docs/decisions/0008-how-we-measure.md). Each figure
is the median over interleaved rounds of one run, with the lowest and the highest round. Raw numbers, in the JSON files
beside this one, are for scale only.
${results.map(renderOne).join('')}`;
}

function renderOne(result) {
  const { machine } = result;
  const rows = result.figures.map((figure) => {
    const verdict = { true: 'yes', false: '**no**', undefined: '' }[String(holds(figure))];
    return `| ${figure.figure} | ${shown(figure)} | ${range(figure)} | ${promise(figure)} | ${verdict} |\n`;
  });
  const notes = result.notes.map((note) => `- ${note}\n`).join('');
  return `
## ${result.title}

\`${result.command}\`, ${result.date}. ${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB, ${machine.system};
Node ${machine.node}${result.postgres === undefined ? '' : `, PostgreSQL ${result.postgres}`}; load before the run ${machine.loadBefore}.

| figure | median | rounds | promised | holds |
| --- | --- | --- | --- | --- |
${rows.join('')}${notes === '' ? '' : `\n${notes}`}`;
}

const number = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));
const unit = (figure) => (figure.unit === undefined ? '' : ` ${figure.unit}`);

export function shown(figure) {
  return `${number(figure.value)}${unit(figure)}`;
}

export function range({ low, high }) {
  return low === undefined ? '' : `${number(low)} to ${number(high)}`;
}

export function promise(figure) {
  if (figure.atMost !== undefined) return `at most ${figure.atMost}${unit(figure)}`;
  return figure.atLeast === undefined ? '' : `at least ${figure.atLeast}${unit(figure)}`;
}
