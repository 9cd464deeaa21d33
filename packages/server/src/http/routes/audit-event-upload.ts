import { setMaxListeners } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TSchema } from 'typebox';

import type { Metrics } from '../../metrics.ts';
import { LineRefusal, recordLines, type LineTally } from '../../trail/record-lines.ts';
import { TrailError } from '../../trail/trail-error.ts';
import type { Trail } from '../../trail/trail.ts';
import { callerOf } from '../access.ts';
import type { Door } from '../door.ts';
import { HttpError } from '../http-error.ts';
import { MAX_JSON_DEPTH, refuseEncoded } from '../json-body.ts';
import { endOwnTime, keepOwnTime } from '../own-time.ts';
import { createPlaces } from '../places.ts';
import { PROBLEM_TYPE, refusalOf } from '../problems.ts';
import { explain, LineError, readLines, type LineLimits } from '../read-lines.ts';
import { Problem } from '../schemas.ts';
import { Type } from '../type.ts';

export const NDJSON = 'application/x-ndjson';

/** The largest event there is, with every character of its texts escaped, is smaller. */
const LINE_BYTES = 512 * 1024;
/** What an upload holds in memory is a few times this. */
const BATCH_BYTES = 1024 * 1024;
const BATCH_LINES = 1000;
const LEAST_BYTES_A_SECOND = 1024;

const MOST_UPLOADS = 24;
/** So that one organization's slow senders can't take every place. */
const MOST_OF_ONE_ORGANIZATION = 4;

/** Time for the sender to notice that it is refused; a connection closed in its face could lose the answer. */
const LINGER_MS = 3000;

export const UploadSummary = Type.Object(
  {
    accepted: Type.Integer(),
    duplicates: Type.Integer(),
    last_line: Type.Integer(),
    refused: Type.Null(),
  },
  { description: 'Of an upload: events recorded now, events that the trail had already, and the number of lines.' },
);

const UploadProblem = Type.Object(
  {
    ...Problem.properties,
    line: Type.Optional(Type.Integer()),
    accepted: Type.Optional(Type.Integer()),
    duplicates: Type.Optional(Type.Integer()),
  },
  {
    description:
      'RFC 9457 problem details. Of an upload, `line` is the first one that is not recorded; ' +
      'all before it are, `accepted` of them now.',
  },
);

function refusal(description: string): TSchema {
  return { description, content: { 'application/problem+json': { schema: UploadProblem } } };
}

/** In place of the same ones of an address that takes no uploads. */
export const uploadRefusals: Readonly<Record<number, TSchema>> = {
  409: refusal('In conflict with what is stored'),
  422: refusal('A value is wrong; the sentence says which'),
  503: refusal('Busy, away or stopping; try again as Retry-After says'),
};

/**
 * Events as lines, recorded as they come: not all or nothing, and of any length with constant memory. Reads no further
 * while a batch commits.
 */
export function createAuditEventUpload(
  door: Door,
  parts: { trail: Trail; clock: () => Date; metrics: Metrics; requestTimeoutSeconds: number },
): (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply> {
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  door.addHook('preClose', async () => stopping.abort());
  door.addContentTypeParser(NDJSON, async (request: FastifyRequest, payload: IncomingMessage) => {
    refuseEncoded(request);
    if (request.routeOptions.config.uploads === true) return payload;
    throw new HttpError('media_type_unsupported', 'Send the body as application/json.');
  });

  const limits: LineLimits = {
    lineBytes: LINE_BYTES,
    batchLines: BATCH_LINES,
    batchBytes: BATCH_BYTES,
    patienceMs: parts.requestTimeoutSeconds * 1000,
    leastBytes: parts.requestTimeoutSeconds * LEAST_BYTES_A_SECOND,
  };
  const places = createPlaces({ inAll: MOST_UPLOADS, ofOneOrganization: MOST_OF_ONE_ORGANIZATION });

  const patient: Pick<Trail, 'record'> = {
    async record(organizationNo, drafts) {
      for (;;) {
        try {
          return await parts.trail.record(organizationNo, drafts);
        } catch (error) {
          // What waits for room here is not read from the sender, so waiting is the back-pressure.
          if (!(error instanceof TrailError) || error.code !== 'overloaded' || stopping.signal.aborted) throw error;
          await sleep(100 + Math.random() * 100);
        }
      }
    },
  };

  async function receive(organizationNo: number, body: IncomingMessage, tally: LineTally): Promise<void> {
    const recording = { maxDepth: MAX_JSON_DEPTH, tally };
    for await (const batch of readLines(body, limits, stopping.signal)) {
      const before = tally.accepted;
      try {
        await recordLines(patient, organizationNo, batch, { ...recording, now: parts.clock() });
      } finally {
        parts.metrics.eventsRecorded.inc(tally.accepted - before);
      }
    }
  }

  return async (request, reply) => {
    const { no } = callerOf(request).organization;
    const leave = places.take(no);
    if (leave === undefined) {
      throw new HttpError('overloaded', 'Too many uploads are running; start this one when another has ended.');
    }
    const tally: LineTally = { accepted: 0, duplicates: 0, lastLine: 0 };
    const { raw } = request;
    keepOwnTime(raw.socket);
    raw.on('error', () => undefined);
    try {
      await receive(no, raw, tally);
      endOwnTime(raw.socket);
      const { accepted, duplicates, lastLine } = tally;
      const summary = { accepted, duplicates, last_line: lastLine, refused: null };
      return await reply.code(200).send(summary);
    } catch (error) {
      discardRest(raw);
      return answerRefusal(request, reply, error, tally, limits);
    } finally {
      leave();
    }
  };
}

function answerRefusal(
  request: FastifyRequest,
  reply: FastifyReply,
  error: unknown,
  tally: LineTally,
  limits: LineLimits,
): FastifyReply {
  const [line, cause] = placeOf(error, tally, limits);
  const { problem, headers } = refusalOf(cause, request);
  if (problem.status >= 500) request.log.error({ err: error }, 'upload broke off');
  const detail = error instanceof LineRefusal ? `Line ${line}: ${problem.detail}` : problem.detail;
  const { accepted, duplicates } = tally;
  const body = { ...problem, detail, line, accepted, duplicates };
  return reply
    .code(problem.status)
    .headers({ ...headers, 'content-type': PROBLEM_TYPE })
    .send(JSON.stringify(body));
}

/** The first line that isn't recorded, and why. */
function placeOf(error: unknown, tally: LineTally, limits: LineLimits): [line: number, cause: unknown] {
  if (error instanceof LineRefusal) return [error.line, error.cause];
  if (error instanceof LineError) return [error.line, explain(error, limits)];
  // If the database broke off during a commit the lines may be stored; sent again they are duplicates.
  return [tally.lastLine + 1, error];
}

function discardRest(raw: IncomingMessage): void {
  const { socket } = raw;
  if (raw.complete || raw.destroyed) {
    endOwnTime(socket);
    return;
  }
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  raw.once('close', () => {
    clearTimeout(timer);
    endOwnTime(socket);
  });
  raw.resume();
}
