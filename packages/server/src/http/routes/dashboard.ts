import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Dashboard, DashboardFile } from '../dashboard-files.ts';
import type { Door } from '../door.ts';
import { HttpError } from '../http-error.ts';
import { INVITATION, LANDING } from './pages.ts';

/**
 * Addresses of packages/dashboard/src/pages; what they show is decided in the browser. Those of an organization, which
 * begin with ORGANIZATION, are no routes: what is under them is the browser's alone.
 */
const PAGES = ['/', '/sign-in', '/verify', '/invitation'] as const;
const ORGANIZATION = '/o/';

/** Where nobody built the dashboard, these two have a plain page in its place. */
const PLAIN: Readonly<Record<string, string>> = { '/': LANDING, '/invitation': INVITATION };

export function dashboardRoutes(door: Door, parts: { dashboard: Dashboard | undefined }): void {
  const { dashboard } = parts;
  const hidden = { config: { access: 'public' }, schema: { hide: true } } as const;

  for (const page of PAGES) {
    door.get(page, hidden, async (request, reply) => {
      const plain = PLAIN[page];
      if (dashboard !== undefined && (plain !== undefined || wantsPage(request))) {
        return sendFile(request, reply, await dashboard.page());
      }
      if (plain !== undefined) return reply.type('text/html; charset=utf-8').send(plain);
      throw new HttpError('not_found', 'Open this address in a browser; programs find theirs in /docs.');
    });
  }

  door.get('/assets/:name', hidden, async (request, reply) => {
    const file = dashboard?.asset((request.params as { readonly name: string }).name);
    if (file === undefined) throw new HttpError('not_found', 'There is nothing at this address.');
    // The name changes with the content.
    reply.header('cache-control', 'public, max-age=31536000, immutable');
    return sendFile(request, reply, await file);
  });
}

const NO_PAGES = /^\/(?:api|assets|docs|organizations|\.well-known)(?:\/|$)/;

/**
 * The status with which somebody before a browser is shown the page, which says the rest; undefined for programs, and for
 * whoever asks under the API: they get a problem.
 */
export function visitorStatus(request: FastifyRequest): 200 | 404 | undefined {
  if (!wantsPage(request) || NO_PAGES.test(request.url)) return undefined;
  return request.url.startsWith(ORGANIZATION) ? 200 : 404;
}

export function sendFile(request: FastifyRequest, reply: FastifyReply, file: DashboardFile): FastifyReply {
  const { 'accept-encoding': accepted = '' } = request.headers;
  reply.header('vary', 'accept-encoding').type(file.type);
  if (!/\bgzip\b(?!;\s*q=0(?:\.0*)?(?:,|$))/.test(accepted)) return reply.send(file.plain);
  return reply.header('content-encoding', 'gzip').send(file.gzipped);
}

function wantsPage(request: FastifyRequest): boolean {
  const { accept = '' } = request.headers;
  return ['GET', 'HEAD'].includes(request.method) && /\btext\/html\b/.test(accept);
}
