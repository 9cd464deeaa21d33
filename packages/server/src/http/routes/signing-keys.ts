import { publishSigningKeys } from '../../keyring/signing-keys.ts';
import type { Database } from '../../storage/database.ts';
import { answers, type Door } from '../door.ts';
import { nullable, Time } from '../schemas.ts';
import { Type } from '../type.ts';

/** Long enough to take a crowd, short enough for a rotation to be seen soon. */
const CACHE_SECONDS = 60;

const SigningKey = Type.Object({
  key_id: Type.String(),
  algorithm: Type.Literal('Ed25519'),
  public_key: Type.String({ description: 'Base64 of the 32 raw bytes' }),
  active: Type.Boolean(),
  retired_at: nullable(Time),
  created_at: Time,
});
const SigningKeys = Type.Object({ algorithm: Type.Literal('Ed25519'), keys: Type.Array(SigningKey) });

export function signingKeyRoutes(door: Door, parts: { db: Database }): void {
  door.get(
    '/.well-known/compliance-signing-keys',
    {
      config: { access: 'public' },
      schema: {
        operationId: 'listSigningKeys',
        tags: ['Evidence packets'],
        summary: 'Every key that packets were ever signed with, newest first',
        description: 'For anyone, from any origin. Retired keys sign no more and verify for ever.',
        security: [],
        response: answers({ 200: SigningKeys }, 503),
      },
    },
    async (_request, reply) => {
      reply.headers({
        'access-control-allow-origin': '*',
        'cross-origin-resource-policy': 'cross-origin',
        'cache-control': `public, max-age=${CACHE_SECONDS}`,
      });
      return { algorithm: 'Ed25519' as const, keys: await publishSigningKeys(parts.db.direct) };
    },
  );
}
