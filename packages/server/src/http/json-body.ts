import { isUtf8 } from 'node:buffer';
import type { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { exactJsonSteps, type JsonValue } from '@veritrail/formats';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import { inTurn } from '../in-turn.ts';
import { HttpError } from './http-error.ts';

/** Bytes of bodies that are in memory at once, over all requests; past it new ones are asked to come again. */
const MAX_BYTES_IN_FLIGHT = 96 * 1024 * 1024;

/** A millisecond's work and more. */
const LONG_BYTES = 64 * 1024;

/** Deep enough for any real document, and for every parser that will read it back. */
export const MAX_JSON_DEPTH = 64;

/**
 * Reads bodies as strict JSON: UTF-8, no duplicate names, no lone surrogates, at most 64 levels deep. Fastify's own
 * parser keeps the last of two members of one name and passes lone surrogates on.
 *
 * A route whose config has `exactMember` gets that member's objects as their canonical text; one with `rawBody` gets the
 * bytes, and reads them itself.
 */
export function acceptJsonBodies(app: FastifyInstance): void {
  let inFlight = 0;
  const reserve = (bytes: number): void => {
    if (inFlight + bytes > MAX_BYTES_IN_FLIGHT) {
      throw new HttpError('overloaded', 'Too many large bodies are being read; send this one again in a moment.');
    }
    inFlight += bytes;
  };

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', async (request: FastifyRequest, payload: Readable) => {
    refuseEncoded(request);
    const limit = request.routeOptions.bodyLimit ?? app.initialConfig.bodyLimit ?? 0;
    const announced = Number(request.headers['content-length'] ?? 0);
    if (announced > limit) throw tooLarge(limit);
    let reserved = 0;
    // What was read stays reachable until the response is out, so it counts until then.
    // Held here, since the request has no socket any longer once it is closed.
    const { socket } = request.raw;
    socket.once('close', release);
    request.bodyRelease = release;
    function release(): void {
      inFlight -= reserved;
      reserved = 0;
      socket.off('close', release);
    }
    const chunks: Buffer[] = [];
    try {
      await readAll(payload, (chunk) => {
        if (reserved + chunk.length > limit) throw tooLarge(limit);
        reserve(chunk.length);
        reserved += chunk.length;
        chunks.push(chunk);
      });
    } catch (error) {
      // Many clients listen only when all is sent. What is left is thrown away as it comes, until the request's time is up.
      payload.resume();
      if (error instanceof HttpError) throw error;
      throw new HttpError('request_malformed', 'Send the whole body; this one broke off.', { cause: error });
    }
    if (reserved === 0) return undefined;
    const bytes = Buffer.concat(chunks, reserved);
    const { rawBody, exactMember } = request.routeOptions.config;
    if (rawBody === true) return bytes;
    return bytes.length < LONG_BYTES ? parse(bytes, exactMember) : inTurn('new', () => parse(bytes, exactMember));
  });
  app.addHook('onResponse', (request, _reply, done) => {
    request.bodyRelease?.();
    done();
  });
}

/**
 * By events: most bodies are a single chunk, for which making an async iterator takes longer than reading. If `take` throws, the
 * stream lives on, with its connection, over which the answer goes that says why.
 */
function readAll(payload: Readable, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const onData = (chunk: Buffer): void => {
      try {
        take(chunk);
      } catch (error) {
        stop();
        reject(error);
      }
    };
    const onEnd = (): void => {
      stop();
      resolve();
    };
    const onBroken = (error?: Error): void => {
      stop();
      reject(error ?? new Error('the body ended early'));
    };
    function stop(): void {
      // Not `error`: one that comes later must still find somebody.
      payload.off('data', onData).off('end', onEnd).off('close', onBroken);
    }
    payload.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
    if (payload.destroyed) onBroken(payload.errored ?? undefined);
  });
}

/** Bodies are read as they come, so one in another form is refused for its form and not for what it would look like. */
export function refuseEncoded({ headers }: FastifyRequest): void {
  if (!/^(?:identity)?$/i.test(headers['content-encoding'] ?? '')) {
    throw new HttpError('media_type_unsupported', 'Send the body as it is, without Content-Encoding.');
  }
  const charset = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(headers['content-type'] ?? '')?.[1] ?? 'utf-8';
  if (!/^utf-?8$/i.test(charset)) throw new HttpError('media_type_unsupported', 'Send the body as UTF-8.');
}

/** Others have their turns meanwhile, above all what is on its way to the database. */
async function parse(bytes: Buffer, exactMember: string | undefined): Promise<JsonValue> {
  if (!isUtf8(bytes)) throw new HttpError('json_invalid', 'Send the body as UTF-8.');
  const steps = exactJsonSteps(bytes.toString('latin1'), {
    maxDepth: MAX_JSON_DEPTH,
    isUtf8: true,
    ...(exactMember !== undefined && { exactMember }),
  });
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    await nextTurn();
  }
}

function tooLarge(limit: number): HttpError {
  return new HttpError('body_too_large', `Send at most ${limit} bytes in one request.`);
}
