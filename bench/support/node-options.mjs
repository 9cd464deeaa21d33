import { readFileSync } from 'node:fs';

const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** What `npm start` gives to Node, for servers that benches start themselves. */
export const nodeOptions = scripts.start.match(/--\S+/g) ?? [];
