// `npm run bench`: what is measured, against what. Arguments name single benches.
import path from 'node:path';

import { prepare, root, run } from './prepare.mjs';

prepare();
run(process.execPath, [path.join(root, 'bench/run.mjs'), ...process.argv.slice(2)]);
