// Writes docs/operating/settings.md from the settings that the server knows. A test fails when the page is behind.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { build, root } from './prepare.mjs';

const page = path.join(root, 'docs/operating/settings.md');
const BEGIN = '<!-- settings -->\n';
const END = '<!-- end of settings -->\n';

build();
const { SETTINGS } = await import(pathToFileURL(path.join(root, 'packages/server/dist/configuration.js')).href);
const rows = SETTINGS.map(({ name, standard, meaning }) => `| \`${name}\` | ${standard} | ${meaning} |`);
const table = ['| setting | when unset | meaning |', '| --- | --- | --- |', ...rows, ''].join('\n');
const text = readFileSync(page, 'utf8');
writeFileSync(page, text.slice(0, text.indexOf(BEGIN) + BEGIN.length) + table + text.slice(text.indexOf(END)));
