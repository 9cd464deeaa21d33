import { FormatError } from '@veritrail/formats';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';

import { EvidenceError } from '../evidence/evidence-error.ts';
import { PdfError } from '../evidence/pdf/pdf-error.ts';
import { KeyringError } from '../keyring/keyring-error.ts';
import { PostureError } from '../posture/posture-error.ts';
import { StorageError } from '../storage/storage-error.ts';
import { TenancyError } from '../tenancy/tenancy-error.ts';
import { TrailError } from '../trail/trail-error.ts';
import { HttpError, type HttpErrorCode } from './http-error.ts';
import { PROBLEMS, type ProblemCode } from './problem-codes.ts';

/** RFC 9457. `id` is there for what only the diagnostics explain. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly id?: string;
}

export interface Refusal {
  readonly problem: ProblemDetails;
  readonly headers: Readonly<Record<string, string>>;
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** Seconds after which what is busy or away may be tried again. */
const RETRY_AFTER_SECONDS = 1;

/** The one place where an error becomes a status and a sentence. What isn't known here says nothing of the inside. */
export function refusalOf(error: unknown, request: Pick<FastifyRequest, 'id' | 'headers'>): Refusal {
  const [code, detail] = codeAndDetail(error);
  const { status, title } = PROBLEMS[code];
  const headers: Record<string, string> = {};
  if (status === 401) headers['www-authenticate'] = challenge(request);
  if (status === 429 || status === 503) headers['retry-after'] = String(retryAfter(error));
  if (status === 408) headers['connection'] = 'close';
  if (status >= 500 && status !== 503) {
    return {
      headers,
      problem: {
        type: typeOf('internal'),
        title: PROBLEMS.internal.title,
        status: 500,
        detail: `Something went wrong here; tell the operator the id ${request.id}.`,
        id: request.id,
      },
    };
  }
  return { headers, problem: { type: typeOf(code), title, status, detail } };
}

export function sendRefusal(reply: FastifyReply, refusal: Refusal): void {
  void reply
    .code(refusal.problem.status)
    .headers({ ...refusal.headers, 'content-type': PROBLEM_TYPE })
    .send(JSON.stringify(refusal.problem));
}

export function typeOf(code: ProblemCode): string {
  return `/docs/problems#${code}`;
}

function codeAndDetail(error: unknown): [ProblemCode, string] {
  if (
    error instanceof EvidenceError ||
    error instanceof HttpError ||
    error instanceof TenancyError ||
    error instanceof TrailError ||
    error instanceof PostureError ||
    error instanceof StorageError ||
    error instanceof KeyringError ||
    error instanceof PdfError
  ) {
    return [error.code, error.message];
  }
  if (error instanceof FormatError && error.code.startsWith('json_')) return ['json_invalid', sentence(error.message)];
  const { code = '', statusCode = 500 } = (error ?? {}) as Partial<FastifyError>;
  return (
    FRAMEWORK_ERRORS[code] ?? [
      code.startsWith('FST_') && statusCode < 500 ? 'request_malformed' : 'internal',
      MALFORMED,
    ]
  );
}

/** A later version of Fastify may refuse what this one doesn't: what it blames on the caller never reads as our fault. */
const MALFORMED = 'Send a well-formed HTTP/1.1 request.';

/** What Fastify refuses before a handler runs. */
const FRAMEWORK_ERRORS: Readonly<Record<string, [HttpErrorCode, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['body_too_large', 'Send a smaller body.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['media_type_unsupported', 'Send the body as application/json.'],
  FST_ERR_CTP_EMPTY_TYPE: ['media_type_unsupported', 'Send the body as application/json.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['request_malformed', 'Send a Content-Length that matches the body.'],
  FST_ERR_BAD_URL: ['request_malformed', 'Send a path whose percent-encoding is valid.'],
  FST_ERR_MAX_PARAM_LENGTH: ['not_found', 'There is nothing at this address.'],
  FST_STATIC_FORBIDDEN_PATH: ['not_found', 'There is nothing at this address.'],
};

/** Browsers answer a Basic challenge to a script with a password window of their own, so scripts get Bearer alone. */
function challenge(request: Pick<FastifyRequest, 'headers'>): string {
  const mode = request.headers['sec-fetch-mode'];
  const bearer = 'Bearer realm="veritrail"';
  return mode === undefined || mode === 'navigate' ? `Basic realm="veritrail", charset="UTF-8", ${bearer}` : bearer;
}

function retryAfter(error: unknown): number {
  return (error instanceof TenancyError ? error.retryAfterSeconds : undefined) ?? RETRY_AFTER_SECONDS;
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`;
}
