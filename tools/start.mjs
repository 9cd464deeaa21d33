// `npm start`: everything a fresh clone needs, then the server in this same process, so that signals reach it.
import { pathToFileURL } from 'node:url';
import path from 'node:path';

import { prepare, root } from './prepare.mjs';

prepare();
process.argv.splice(2, 0, 'serve');
await import(pathToFileURL(path.join(root, 'packages/cli/dist/main.js')).href);
