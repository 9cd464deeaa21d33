import {
  beginTwoFactor,
  confirmTwoFactor,
  endTwoFactor,
  readTwoFactor,
  renewRecoveryCodes,
  type TwoFactorParts,
} from '../../tenancy/manage-two-factor.ts';
import { originOf, userOf } from '../access.ts';
import { answers, type Door } from '../door.ts';
import { closed, Code, nullable, Password, Time } from '../schemas.ts';
import { Type } from '../type.ts';

const PATH = '/api/v1/auth/two-factor';
const RecoveryCodes = Type.Object({
  recovery_codes: Type.Array(Type.String(), { description: 'Each signs you in once; they are shown this once' }),
});

/** Each is about the caller's own account, which no role and no admin comes into. */
export function twoFactorRoutes(door: Door, parts: TwoFactorParts): void {
  const config = { access: 'user' } as const;
  const tags = ['Who'];

  door.get(
    PATH,
    {
      config,
      schema: {
        operationId: 'readTwoFactor',
        tags,
        summary: 'Whether your sign-in takes a code',
        response: answers(
          {
            200: Type.Object({
              enabled: Type.Boolean(),
              enabled_at: nullable(Time),
              recovery_codes_left: Type.Integer(),
            }),
          },
          401,
          403,
        ),
      },
    },
    async (request) => {
      const { enabledAt, recoveryCodes } = await readTwoFactor(parts.ground.db.direct, userOf(request).userId);
      return { enabled: enabledAt !== null, enabled_at: enabledAt, recovery_codes_left: recoveryCodes };
    },
  );

  door.post(
    PATH,
    {
      config,
      schema: {
        operationId: 'beginTwoFactor',
        tags,
        summary: 'Get a secret for your authenticator app; signing in stays as it is until you confirm',
        body: closed({ password: Password }),
        response: answers(
          {
            200: Type.Object({
              secret: Type.String({ description: 'Base32, to be typed in' }),
              uri: Type.String({ description: 'otpauth:// URI, to be scanned' }),
            }),
          },
          401,
          403,
          409,
          422,
        ),
      },
    },
    async (request) => beginTwoFactor(parts, userOf(request), request.body.password, originOf(request)),
  );

  door.post(
    `${PATH}/confirm`,
    {
      config,
      schema: {
        operationId: 'confirmTwoFactor',
        tags,
        summary: 'Turn two-factor sign-in on with a first code; ends your other sessions',
        body: closed({ code: Code }),
        response: answers({ 200: RecoveryCodes }, 401, 403, 409, 422),
      },
    },
    async (request) => ({
      recovery_codes: await confirmTwoFactor(parts, userOf(request), request.body.code, originOf(request)),
    }),
  );

  door.post(
    `${PATH}/recovery-codes`,
    {
      config,
      schema: {
        operationId: 'renewRecoveryCodes',
        tags,
        summary: 'Get new recovery codes in place of the old ones',
        body: closed({ password: Password, code: Code }),
        response: answers({ 200: RecoveryCodes }, 401, 403, 409, 422),
      },
    },
    async (request) => ({
      recovery_codes: await renewRecoveryCodes(parts, userOf(request), request.body, originOf(request)),
    }),
  );

  door.post(
    `${PATH}/disable`,
    {
      config,
      schema: {
        operationId: 'endTwoFactor',
        tags,
        summary: 'Turn two-factor sign-in off',
        body: closed({ password: Password, code: Code }),
        response: answers({ 204: Type.Null() }, 401, 403, 409, 422),
      },
    },
    async (request, reply) => {
      await endTwoFactor(parts, userOf(request), request.body, originOf(request));
      return reply.code(204).send(null);
    },
  );
}
