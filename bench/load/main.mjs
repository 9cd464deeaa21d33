import { answerParent } from '../support/child.mjs';
import { drainAnswer, openConnection } from './connection.mjs';
import { encodeRequest, setTimes } from './requests.mjs';

/** More than any bench asks for, so that a mistake can't become an attack. */
const MOST_CONNECTIONS = 512;
const MOST_SECONDS = 900;

let requests = [];
let port = 0;

async function onConnections(count, work) {
  const most = Math.min(MOST_CONNECTIONS, requests.length);
  if (count > most) throw new RangeError(`at most ${most} connections, each with requests of its own`);
  const connections = await Promise.all(Array.from({ length: count }, () => openConnection(port)));
  try {
    await work(connections);
  } finally {
    for (const connection of connections) connection.close();
  }
}

function check({ status, text }) {
  if (status < 200 || status > 299) throw new Error(`the server answered ${status}: ${text}`);
}

answerParent({
  /** What to send, in turn, and where to: a port of 127.0.0.1. */
  prepare(values) {
    port = values.port;
    requests = values.requests.map(encodeRequest);
  },

  /** Closed loop: each connection sends its next request when it has the answer to its last. */
  async run({ connections, seconds = MOST_SECONDS, count = Infinity }) {
    const latencies = [];
    let sent = 0;
    let elapsed = 0;
    let cpu;
    await onConnections(connections, async (open) => {
      const cpuBefore = process.cpuUsage();
      const start = performance.now();
      const end = start + Math.min(seconds, MOST_SECONDS) * 1000;
      await Promise.all(
        open.map(async (connection, place) => {
          // Requests of its own: times are set in their bytes, which another connection may still be writing out.
          const own = requests.filter((_, index) => index % connections === place);
          for (let turn = 0; sent < count && performance.now() < end; turn += 1) {
            const request = own[turn % own.length];
            sent += 1;
            setTimes(request);
            const before = performance.now();
            check(await connection.exchange(request.bytes));
            latencies.push(performance.now() - before);
          }
        }),
      );
      elapsed = performance.now() - start;
      cpu = process.cpuUsage(cpuBefore);
    });
    latencies.sort((a, b) => a - b);
    const at = (share) => latencies[Math.floor((latencies.length - 1) * share)];
    return {
      requests: latencies.length,
      seconds: elapsed / 1000,
      perSecond: (latencies.length / elapsed) * 1000,
      p50: at(0.5),
      p99: at(0.99),
      /** Cores that the generator itself was busy; near 1 it is the bottleneck. */
      generatorCores: (cpu.user + cpu.system) / 1000 / elapsed,
    };
  },

  /** One connection, the prepared requests in turn, `rounds` times. @returns latencies in ms, by request. */
  async alternate({ rounds, warmUp }) {
    const latencies = requests.map(() => []);
    await onConnections(1, async ([connection]) => {
      for (let round = -warmUp; round < rounds; round += 1) {
        for (let turn = 0; turn < requests.length; turn += 1) {
          const index = (turn + round + warmUp) % requests.length;
          const before = performance.now();
          check(await connection.exchange(requests[index].bytes));
          if (round >= 0) latencies[index].push(performance.now() - before);
        }
      }
    });
    return latencies;
  },

  /** One answer of any length, to its end, kept nowhere. Fails unless it ends with a trailer that signs it. */
  async download(values) {
    const begun = performance.now();
    const { bytes, head, tail } = await drainAnswer(values);
    if (!head.startsWith('HTTP/1.1 200')) throw new Error(`the server answered ${head}`);
    if (!/\r\nx-audit-signature: sha256=[0-9a-f]{64}\r\n\r\n$/.test(tail)) throw new Error(`no trailer: ${tail}`);
    return { bytes, seconds: (performance.now() - begun) / 1000 };
  },
});
