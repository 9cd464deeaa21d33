import { connect } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * One keep-alive connection that has one request under way. Written on bare sockets because the generator shares the
 * machine's cores with what it measures: an HTTP client would cost several times as much a request.
 *
 * Understands answers with Content-Length and nothing else.
 */
export async function openConnection(port) {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let waiting;
  let head = Buffer.alloc(0);
  let status = 0;
  /** Bytes of the body still to come; negative while the head is awaited. */
  let remaining = -1;
  let body;

  const fail = (error) => {
    waiting?.reject(error);
    waiting = undefined;
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  socket.on('data', (chunk) => {
    let rest = chunk;
    if (remaining < 0) {
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      const end = head.indexOf(HEAD_END);
      if (end === -1) return;
      const text = head.latin1Slice(0, end);
      status = Number(text.slice(9, 12));
      const length = /\r\ncontent-length: (\d+)/i.exec(text);
      if (length === null) return fail(new Error(`an answer without Content-Length: ${text}`));
      remaining = Number(length[1]);
      rest = head.subarray(end + HEAD_END.length);
      head = Buffer.alloc(0);
      body = [];
    }
    remaining -= rest.length;
    // Bodies are kept only where they are shown: in the error about an unexpected status.
    if (status >= 400) body.push(rest);
    if (remaining > 0) return;
    remaining = -1;
    const { resolve } = waiting;
    waiting = undefined;
    resolve({ status, text: status >= 400 ? Buffer.concat(body).toString() : '' });
  });

  return {
    /** @param {Buffer} request @returns {Promise<{status: number, text: string}>} */
    exchange(request) {
      return new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request);
      });
    },
    close: () => socket.destroy(),
  };
}

const SHOWN_BYTES = 300;

/** Asks on a connection of its own and counts what comes until it ends. Of the bytes only the first and last are kept. */
export function drainAnswer({ port, path, authorization }) {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    let bytes = 0;
    let head = '';
    let last = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      if (bytes === 0) head = chunk.toString('latin1', 0, SHOWN_BYTES);
      bytes += chunk.length;
      last = chunk.length >= SHOWN_BYTES ? chunk : Buffer.concat([last.subarray(-SHOWN_BYTES), chunk]);
    });
    socket.on('close', () =>
      resolve({ bytes, head, tail: last.toString('latin1', Math.max(0, last.length - SHOWN_BYTES)) }),
    );
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\nTE: trailers\r\nConnection: close\r\n\r\n`,
    );
  });
}
