import { register } from 'node:module';

const HOOKS = `
const replaced = {
  './storage/open-ground.js': ${JSON.stringify(import.meta.resolve('./ground.mjs'))},
  './trail/group-commit.js': ${JSON.stringify(import.meta.resolve('./recorders.mjs'))},
};
export function resolve(specifier, context, next) {
  const own = context.parentURL?.endsWith('/packages/server/dist/composition.js') ? replaced[specifier] : undefined;
  return own === undefined ? next(specifier, context) : { url: own, shortCircuit: true };
}`;

/**
 * From here on the composition of the server gets our ground and recorder for its own, and everything else as it is. The
 * server needs no setting that only a bench would use.
 */
export function replaceParts() {
  register(`data:text/javascript,${encodeURIComponent(HOOKS)}`);
}
