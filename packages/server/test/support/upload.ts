import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';

import type { TestServer } from './test-server.ts';
import { EVENT } from './world.ts';

export const UPLOAD_PATH = '/api/v1/compliance/audit-events';
export const NDJSON_HEADERS = { 'content-type': 'application/x-ndjson' } as const;

export function eventLine(change: object = {}): string {
  return `${JSON.stringify({ id: randomUUID(), ...EVENT, ...change })}\n`;
}

export interface SlowUpload {
  readonly socket: Socket;
  /** Resolves when the system took the bytes; not before the server reads on, if it has stopped. */
  send(text: string): Promise<void>;
  end(): void;
  /** Status and body of the answer, once the whole of it is here or the connection ends. */
  readonly answer: Promise<{ status: number; json: Record<string, unknown> }>;
}

/** An upload whose sender decides when each piece goes. */
export function beginUpload(server: TestServer, auth: string): SlowUpload {
  const socket = connect(server.port, '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8');
  socket.write(
    `POST ${UPLOAD_PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${auth}\r\n` +
      'Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n',
  );
  const answer = new Promise<{ status: number; json: Record<string, unknown> }>((resolve, reject) => {
    const conclude = (): void => {
      const [head = '', body = ''] = received.split('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? Infinity);
      if (Buffer.byteLength(body) < length) return;
      resolve({ status: Number(head.slice(9, 12)), json: JSON.parse(body) as Record<string, unknown> });
    };
    socket.on('data', (text: string) => {
      received += text;
      conclude();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      conclude();
      reject(new Error(`the connection ended after: ${received}`));
    });
  });
  answer.catch(() => undefined);
  return {
    socket,
    answer,
    send: (text) =>
      new Promise((resolve) => {
        socket.write(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`, () => resolve());
      }),
    end: () => void socket.write('0\r\n\r\n'),
  };
}
