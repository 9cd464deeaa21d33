import type { Database } from '../../storage/database.ts';
import { FINDINGS } from '../../trail/check-rows.ts';
import { readTrailCheck } from '../../trail/check-store.ts';
import { callerOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { nullable, Time } from '../schemas.ts';
import { Type } from '../type.ts';

const Check = Type.Object({
  checked_through: Type.Integer({ description: 'Every event with a sequence below this was checked.' }),
  checked_at: nullable(Time),
  entry_count: Type.Integer(),
  last_full_check_at: nullable(Time),
  result: Type.Enum(['sound', 'diverged', 'unchecked']),
  first_bad: nullable(
    Type.Object({
      sequence: nullable(Type.Integer({ description: 'Null for counts, which are of no single event.' })),
      finding: Type.Enum([...FINDINGS]),
    }),
  ),
});

export function trailCheckRoutes(door: Door, parts: { db: Database }): void {
  door.get(
    '/api/v1/compliance/trail-check',
    {
      config: { access: { organization: 'implied', role: 'analyst' } },
      schema: {
        operationId: 'readTrailCheck',
        tags: ['Audit trail'],
        summary: 'Whether the stored trail is what was signed, as far as the server has checked it',
        response: answers({ 200: Check }, 401, 403, 404, 422, 503),
      },
    },
    async (request) => {
      const { no } = callerOf(request).organization;
      const check = await parts.db.scoped(no, (tx) => readTrailCheck(tx, no), { snapshot: true, settled: true });
      const { result, firstBad } = check;
      return {
        checked_through: check.checkedThrough,
        checked_at: check.checkedAt,
        entry_count: check.entryCount,
        last_full_check_at: check.lastFullCheckAt,
        result,
        first_bad: firstBad === null ? null : { sequence: firstBad.sequence, finding: firstBad.finding },
      };
    },
  );
}
