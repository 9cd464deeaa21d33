import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { compareLedger, openLedger, startWriters } from './support/ledger.mjs';
import { median, quantile } from './support/measure.mjs';
import { highestPeak, peakOf } from './support/memory.mjs';
import { firstAnswer, freePort, spawnServer } from './support/processes.mjs';
import { basic, temporaryFolder } from './support/server.mjs';

export const title = 'Soak: kill -9 of server and database at random moments under load';

const { SOAK_ROUNDS: ROUNDS = '36' } = process.env;
const VICTIMS = ['server', 'postmaster', 'server and postmaster', 'postmaster, then server'];
const CALLERS = { singles: 12, batches: 4 };
/** Of load before each kill. */
const [LEAST_MS, MOST_MS] = [300, 1800];
const PATIENCE_MS = 60_000;
/** By then a server knows that its database died. */
const NOTICED_MS = 50;

export async function run(tell) {
  const folder = await temporaryFolder();
  const port = await freePort();
  let server = spawnServer(folder, port);
  try {
    await firstAnswer(port, '/readyz', performance.now());
    const facts = JSON.parse(await readFile(path.join(folder, 'first-run.json'), 'utf8'));
    const authorization = basic(facts.api_key, facts.api_secret);
    const ledger = openLedger();
    const rounds = [];
    for (let round = 1; round <= Number(ROUNDS); round += 1) {
      const victims = VICTIMS[round % VICTIMS.length];
      const before = ledger.acknowledgedEvents;
      const writers = startWriters(ledger, { port, authorization, ...CALLERS, seed: round });
      await acknowledgedMore(ledger);
      await sleep(LEAST_MS + Math.random() * (MOST_MS - LEAST_MS));
      const memory = await peakOf(server.child.pid);
      const killed = performance.now();
      await kill(victims, server, folder);
      if (victims.includes('server')) {
        await server.exit;
        server = spawnServer(folder, port);
      } else await sleep(NOTICED_MS);
      await firstAnswer(port, '/readyz', killed);
      await acknowledgedMore(ledger);
      const backAfter = Math.round(performance.now() - killed);
      await writers.stop();
      const found = compareLedger(ledger, await exportLines(port, authorization));
      rounds.push({ round, victims, acknowledged: ledger.acknowledgedEvents - before, backAfter, memory, ...found });
      tell(rowOf(rounds.at(-1)));
    }
    const check = await checkedWhole(port, authorization);
    const stopped = await stop(server);
    if (stopped !== 0) throw new Error(`the last stop was not clean: ${stopped}`);
    return resultOf(rounds, check, ledger);
  } finally {
    server.child.kill('SIGKILL');
    await server.exit;
    // PostgreSQL stops by itself when its server has gone.
    await sleep(1000);
    await rm(folder, { recursive: true, force: true });
  }
}

function resultOf(rounds, check, ledger) {
  const worst = (name) => Math.max(...rounds.map((round) => round[name]));
  const promised = { atMost: 0 };
  const last = rounds.at(-1);
  return {
    figures: [
      { figure: 'rounds of kill -9 under load', value: rounds.length, atLeast: 30 },
      { figure: 'acknowledged events, all of them read back after every round', value: ledger.acknowledgedEvents },
      { figure: 'acknowledged events that are missing', value: worst('lost'), ...promised },
      { figure: 'acknowledged events whose bytes are others', value: worst('changed'), ...promised },
      { figure: 'events or sequences that are there twice', value: worst('twice'), ...promised },
      { figure: 'sequences that are missing', value: worst('gaps'), ...promised },
      { figure: 'requests of which a part is stored', value: worst('halfWritten'), ...promised },
      ...highestPeak(rounds.map((round) => round.memory)),
      {
        figure: 'from the kill to the next acknowledgement',
        value: median(rounds.map((round) => round.backAfter)) / 1000,
        low: Math.min(...rounds.map((round) => round.backAfter)) / 1000,
        high: worst('backAfter') / 1000,
        unit: 's',
      },
    ],
    scale: rounds,
    notes: [
      `Killed in turn: ${VICTIMS.join('; ')}. ${CALLERS.singles} callers sent single events and ${CALLERS.batches} sent batches, all the time.`,
      `Of ${last.unanswered} events whose requests were cut off, ${last.storedUnanswered} had been stored whole; a retry under the same id finds them.`,
      `At the end the server's own check had recomputed ${check.checked_through} events and found the trail ${check.result}.`,
      `The 95th percentile of the time to be back was ${(
        quantile(
          rounds.map((round) => round.backAfter),
          0.95,
        ) / 1000
      ).toFixed(1)} s.`,
    ],
  };
}

async function kill(victims, { child }, folder) {
  const postmaster = async () =>
    Number((await readFile(path.join(folder, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  if (victims.startsWith('postmaster')) process.kill(await postmaster(), 'SIGKILL');
  if (victims === 'postmaster, then server') await sleep(Math.random() * 300);
  if (victims === 'server and postmaster') {
    const pid = await postmaster();
    child.kill('SIGKILL');
    process.kill(pid, 'SIGKILL');
  } else if (victims !== 'postmaster') child.kill('SIGKILL');
}

async function acknowledgedMore(ledger) {
  const wanted = ledger.acknowledgedEvents + 20;
  const begun = performance.now();
  while (ledger.acknowledgedEvents < wanted) {
    if (performance.now() - begun > PATIENCE_MS) throw new Error('nothing is acknowledged any more');
    await sleep(5);
  }
}

async function exportLines(port, authorization) {
  const url = `http://127.0.0.1:${port}/api/v1/compliance/export?format=ndjson`;
  const answer = await fetch(url, { headers: { authorization } });
  const text = await answer.text();
  if (answer.status !== 200) throw new Error(`the export was answered with ${answer.status}: ${text}`);
  return text.split('\n').slice(0, -1);
}

/** Waits until the server has looked at everything itself. */
async function checkedWhole(port, authorization) {
  const begun = performance.now();
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/compliance/trail-check`, {
      headers: { authorization },
    });
    const check = await answer.json();
    if (check.checked_through >= check.entry_count || check.result === 'diverged') return check;
    if (performance.now() - begun > PATIENCE_MS) return check;
    await sleep(500);
  }
}

async function stop({ child, exit }) {
  child.kill('SIGTERM');
  const [code] = await exit;
  return code;
}

function rowOf(round) {
  const { lost, changed, twice, gaps, halfWritten } = round;
  return [
    String(round.round).padStart(3),
    round.victims.padEnd(24),
    `${String(round.acknowledged).padStart(6)} acknowledged`,
    `back after ${String(round.backAfter).padStart(5)} ms`,
    `${String(round.events).padStart(7)} stored`,
    `lost ${lost}, changed ${changed}, twice ${twice}, gaps ${gaps}, half ${halfWritten}`,
  ].join('  ');
}
