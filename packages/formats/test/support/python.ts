import { spawnSync } from 'node:child_process';
import { vi } from 'vitest';

// Starting Python and generating inputs takes long on a busy machine, and a test must not fail for that.
vi.setConfig({ testTimeout: 60_000 });

export interface PythonResult {
  readonly status: number | null;
  readonly stdout: string;
}

/** Runs the real python3, which is the independent source of expected bytes: without it the tests must fail. */
export function runPython(
  args: readonly string[],
  options: { input?: string; env?: NodeJS.ProcessEnv } = {},
): PythonResult {
  const result = spawnSync('python3', [...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    input: options.input ?? '',
    env: { ...process.env, PYTHONUTF8: '1', PYTHONDONTWRITEBYTECODE: '1', ...options.env },
  });
  if (result.error) throw new Error('These tests need python3 (3.11 or later) on the PATH.', { cause: result.error });
  if (result.stderr !== '') process.stderr.write(result.stderr);
  return { status: result.status, stdout: result.stdout };
}

/**
 * Asks one Python process about many values.
 *
 * @param body of `def answer(value)`, indented by four spaces
 */
export function askPython<Question, Answer>(body: string, questions: readonly Question[]): Answer[] {
  const program = `
import sys, json, math, hmac, hashlib, re
from datetime import datetime, timedelta, timezone

def answer(value):
${body}

for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
`;
  const input = questions.map((question) => JSON.stringify(question)).join('\n');
  const { status, stdout } = runPython(['-c', program], { input });
  if (status !== 0) throw new Error(`Python ended with ${status}.`);
  const answers = stdout.split('\n').slice(0, -1);
  if (answers.length !== questions.length) throw new Error(`Python answered ${answers.length} of ${questions.length}.`);
  return answers.map((line) => JSON.parse(line) as Answer);
}

export interface ScriptCase {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a Python script once for each case, all in one process, as if each were its own. */
export function runPythonScript(path: string, cases: readonly ScriptCase[]): PythonResult[] {
  const harness = `
import contextlib, io, json, os, runpy, sys
path, cases = json.load(sys.stdin)
for case in cases:
    out = io.StringIO()
    sys.argv = [path, *case["args"]]
    os.environ.update(case.get("env", {}))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        try:
            runpy.run_path(path, run_name="__main__")
            status = 0
        except SystemExit as end:
            status = end.code
    for name in case.get("env", {}):
        del os.environ[name]
    print(json.dumps({"status": status, "stdout": out.getvalue()}))
`;
  const { status, stdout } = runPython(['-c', harness], { input: JSON.stringify([path, cases]) });
  if (status !== 0) throw new Error(`Python ended with ${status}.`);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as PythonResult);
}
