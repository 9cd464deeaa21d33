import type { Command } from 'commander';
export function addVerify(program: Command): void {
  void program;
}
