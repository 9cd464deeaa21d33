import { register } from 'node:module';

/** Gives the composition of the server our ground and recorder for its own, and leaves everything else as it is. */
const HOOKS = `
const replaced = {
  './storage/open-ground.js': ${JSON.stringify(import.meta.resolve('./ground.mjs'))},
  './trail/group-commit.js': ${JSON.stringify(import.meta.resolve('./recorders.mjs'))},
};
export function resolve(specifier, context, next) {
  const own = context.parentURL?.endsWith('/packages/server/dist/composition.js') ? replaced[specifier] : undefined;
  return own === undefined ? next(specifier, context) : { url: own, shortCircuit: true };
}`;

register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
