import openapiTypescript, { astToString } from 'openapi-typescript';

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { responses?: Record<string, unknown> }>>>>;
}

/** The types of the API, from its document. Refusals are left out: they are all of one form. */
export async function typesOf(document: object): Promise<string> {
  const copy = structuredClone(document) as Document;
  for (const { responses = {} } of Object.values(copy.paths).flatMap((methods) => Object.values(methods))) {
    for (const status of Object.keys(responses)) if (!status.startsWith('2')) delete responses[status];
  }
  const ast = await openapiTypescript(copy as never, { defaultNonNullable: false });
  return `// Made from /openapi.json; npm test -- --project dashboard -u makes it again.\n\n${astToString(ast)}`;
}
