import { TIME_TO_BE_SET } from '../support/sample-events.mjs';

/**
 * @param {{method: string, path: string, authorization: string, body?: unknown}} request
 * @returns the bytes, and where in them the times stand that are set anew each time it is sent
 */
export function encodeRequest({ method, path, authorization, body }) {
  const payload = body === undefined ? '' : JSON.stringify(body);
  const head =
    `${method} ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\n` +
    (body === undefined ? '' : `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(payload)}\r\n`);
  const bytes = Buffer.from(`${head}\r\n${payload}`);
  const times = [];
  for (let at = bytes.indexOf(TIME_TO_BE_SET); at !== -1; at = bytes.indexOf(TIME_TO_BE_SET, at + 1)) times.push(at);
  return { bytes, times };
}

/** Microseconds count up within a request, so that its events have times of their own. */
export function setTimes({ bytes, times }) {
  const milliseconds = new Date().toISOString().slice(0, 23);
  for (const [index, at] of times.entries()) {
    bytes.latin1Write(milliseconds, at);
    bytes.latin1Write(String(index % 1000).padStart(3, '0'), at + 23);
  }
}
