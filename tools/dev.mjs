// `npm run dev`: the server from its sources, started again at every change, with invented data to look at.
import { bin, prepare, root } from './prepare.mjs';
import { spawn } from 'node:child_process';
import path from 'node:path';

prepare();
const compiler = spawn(process.execPath, [bin('tsc'), '-b', 'packages/cli', '--watch', '--preserveWatchOutput'], {
  cwd: root,
  stdio: ['ignore', 'ignore', 'inherit'],
});
const server = spawn(
  process.execPath,
  ['--watch', '--watch-preserve-output', path.join(root, 'packages/cli/dist/main.js'), 'serve', '--demo'],
  { cwd: root, stdio: 'inherit' },
);
// The pages with every change at once; they ask the server above. What that serves itself is the last build.
const pages = spawn(process.execPath, [bin('vite'), 'packages/dashboard', '--clearScreen', 'false'], {
  cwd: root,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    compiler.kill(signal);
    server.kill(signal);
    pages.kill(signal);
  });
}
server.on('exit', (code) => {
  compiler.kill();
  pages.kill();
  process.exitCode = code ?? 0;
});
