import type { ErrorObject, ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';

import { checkNamed } from './named-checks.ts';
import { HttpError } from './http-error.ts';

/** RFC 9562, section 4, without the `urn:uuid:` that ajv-formats also takes: the database doesn't. */
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const options = { removeAdditional: false, strict: false, allErrors: false, allowUnionTypes: true } as const;
// Bodies are taken as they are: a "5" for a 5 is refused. Paths and queries are text, so numbers are read out of it.
const strictAjv = withFormats(new Ajv2020({ ...options, coerceTypes: false, useDefaults: false }));
const textAjv = withFormats(new Ajv2020({ ...options, coerceTypes: true, useDefaults: true }));

function withFormats(ajv: Ajv2020): Ajv2020 {
  return addFormats
    .default(ajv)
    .addFormat('uuid', UUID)
    .addKeyword({ keyword: 'x-check', schemaType: 'string', validate: checkNamed });
}

/** Schemas validate what comes in with Ajv; a violation is refused with a sentence that names the member. */
export const validatorCompiler: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
  // At the first request and not at the start, which would wait for all of them.
  let validate: ValidateFunction | undefined;
  return (value: unknown) => {
    validate ??= (httpPart === 'body' ? strictAjv : textAjv).compile(schema);
    if (validate(value)) return { value };
    const { errors } = validate;
    // A path that can't name anything names nothing.
    if (httpPart === 'params') return { error: new HttpError('not_found', 'There is nothing at this address.') };
    return { error: new HttpError('request_invalid', describe(errors, httpPart ?? 'request')) };
  };
};

/**
 * For a member of a body whose form depends on something outside of it.
 *
 * @param member its place in the body, as refusals name it
 */
export function memberCheck(schema: TSchema): (value: unknown, member: string) => void {
  let validate: ValidateFunction | undefined;
  return (value, member) => {
    validate ??= strictAjv.compile(schema);
    if (validate(value)) return;
    const errors = validate.errors?.map((one) => ({ ...one, instancePath: `/${member}${one.instancePath}` }));
    throw new HttpError('request_invalid', describe(errors, 'body'));
  };
}

function describe(errors: readonly ErrorObject[] | null | undefined, part: string): string {
  const [error] = errors ?? [];
  if (error === undefined) return 'Check the request against /docs.';
  const { keyword, instancePath } = error;
  const params = error.params as Readonly<Record<string, unknown>>;
  const orNull =
    errors?.some((one) => one.instancePath === instancePath && isAboutNull(one)) === true ? ' or null' : '';
  const place = instancePath.slice(1).replaceAll('/', '.');
  const where = place === '' ? `The ${part === 'querystring' ? 'query' : part}` : `\`${place}\``;
  switch (keyword) {
    case 'required':
      return `${where} needs the member \`${String(params['missingProperty'])}\`.`;
    case 'additionalProperties':
      return `${where} has a member that is not known; see /docs for those that are.`;
    case 'enum':
      return `${where} must be one of ${(params['allowedValues'] as unknown[]).map((one) => JSON.stringify(one)).join(', ')}${orNull}.`;
    case 'const':
      return `${where} must be ${JSON.stringify(params['allowedValue'])}${orNull}.`;
    case 'pattern':
    case 'format':
      return `${where} has a form or characters that are not allowed; see /docs for what is.`;
    default:
      return `${where} ${error.message ?? 'is wrong'}${orNull}.`;
  }
}

/** Says of a value that may be null as well that it isn't. */
function isAboutNull({ keyword, params }: ErrorObject): boolean {
  return keyword === 'type' && (params as { readonly type?: unknown }).type === 'null';
}
