import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the service does with a request in place of an answer. */
export type Trouble = 'denied' | 'throttled' | 'broken off' | 'not JSON' | 'silent' | 'no version' | 'server error';

interface Version {
  readonly id: string;
  readonly text: string | undefined;
  readonly stages: Set<string>;
  readonly createdAt: number;
}

export interface SecretRequest {
  readonly operation: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly authorization: string;
}

/** AWS Secrets Manager as far as the server asks it: AWS JSON 1.1 over HTTP, on loopback. */
export interface FakeSecretsManager {
  readonly endpoint: string;
  readonly requests: SecretRequest[];
  /** As PutSecretValue does: becomes AWSCURRENT, and what was it AWSPREVIOUS. Without text it is a binary secret. */
  put(text: string | undefined, stages?: readonly string[]): string;
  /** As the service does in time with versions that have no label. */
  forget(text: string): void;
  /** Answers the next `times` requests for that operation so. */
  trouble(kind: Trouble, operation?: string, times?: number): void;
  calm(): void;
  stop(): Promise<void>;
}

export const SECRET_NAME = 'veritrail/audit';
export const SECRET_ARN = `arn:aws:secretsmanager:eu-north-1:123456789012:secret:${SECRET_NAME}-AbCdEf`;
const JSON_1_1 = 'application/x-amz-json-1.1';
/** Signature Version 4, for this service and the region of the ARN. */
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=[A-Z0-9]+\/\d{8}\/eu-north-1\/secretsmanager\/aws4_request, SignedHeaders=[a-z0-9;-]*x-amz-target[a-z0-9;-]*, Signature=[0-9a-f]{64}$/;

export async function startFakeSecretsManager(): Promise<FakeSecretsManager> {
  const versions: Version[] = [];
  const requests: SecretRequest[] = [];
  const troubles: { kind: Trouble; operation: string; times: number }[] = [];

  const answer = (response: ServerResponse, status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': JSON_1_1 });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
  const refuse = (response: ServerResponse, type: string, message: string): void =>
    answer(response, 400, { __type: type, Message: message, message });
  const withStage = (stage: string): Version | undefined => versions.find((version) => version.stages.has(stage));

  const operations: Readonly<Record<string, (body: SecretRequest['body'], response: ServerResponse) => void>> = {
    GetSecretValue(body, response) {
      const version = versions.find(({ id }) => id === body['VersionId']) ?? withStage(String(body['VersionStage']));
      if (version === undefined) return refuse(response, 'ResourceNotFoundException', "Secrets Manager can't find it.");
      const { id, text, stages, createdAt } = version;
      answer(response, 200, {
        ARN: SECRET_ARN,
        Name: SECRET_NAME,
        VersionId: id,
        VersionStages: [...stages],
        CreatedDate: createdAt,
        ...(text === undefined ? { SecretBinary: 'c2VjcmV0' } : { SecretString: text }),
      });
    },
    ListSecretVersionIds(body, response) {
      // Small pages, so that paging is needed.
      const from = Number(body['NextToken'] ?? 0);
      const shown = versions.filter(({ stages }) => body['IncludeDeprecated'] === true || stages.size > 0);
      answer(response, 200, {
        ARN: SECRET_ARN,
        Name: SECRET_NAME,
        Versions: shown.slice(from, from + 2).map(({ id, stages, createdAt }) => ({
          VersionId: id,
          CreatedDate: createdAt,
          ...(stages.size > 0 && { VersionStages: [...stages] }),
        })),
        ...(shown.length > from + 2 && { NextToken: String(from + 2) }),
      });
    },
  };

  const misbehave = (kind: Trouble, response: ServerResponse): void => {
    const current = withStage('AWSCURRENT')?.text ?? '';
    if (kind === 'denied') {
      refuse(response, 'AccessDeniedException', 'User: arn:aws:iam::123456789012:user/x is not authorized');
    } else if (kind === 'throttled') refuse(response, 'ThrottlingException', 'Rate exceeded');
    else if (kind === 'server error') answer(response, 500, { __type: 'InternalServiceError' });
    else if (kind === 'broken off') answer(response, 200, `{"VersionId":"x","SecretString":"${current}`);
    else if (kind === 'not JSON') answer(response, 200, `<html>${current}</html>`);
    else if (kind === 'no version') answer(response, 200, { SecretString: current });
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const operation = /^secretsmanager\.(\w+)$/.exec(String(request.headers['x-amz-target']))?.[1] ?? '';
    const body = JSON.parse(Buffer.concat(chunks).toString()) as SecretRequest['body'];
    const authorization = request.headers.authorization ?? '';
    requests.push({ operation, body, authorization });
    const act = operations[operation];
    if (request.method !== 'POST' || request.headers['content-type'] !== JSON_1_1 || act === undefined) {
      return refuse(response, 'UnknownOperationException', 'This is not how the service is asked.');
    }
    if (!AUTHORIZATION.test(authorization)) return refuse(response, 'IncompleteSignatureException', authorization);
    if (body['SecretId'] !== SECRET_NAME && body['SecretId'] !== SECRET_ARN) {
      return refuse(response, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
    }
    const trouble = troubles.find((one) => one.times > 0 && (one.operation === '' || one.operation === operation));
    if (trouble === undefined) return act(body, response);
    trouble.times -= 1;
    misbehave(trouble.kind, response);
  };

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    put(text, stages = ['AWSCURRENT']) {
      const id = `${String(versions.length + 1).padStart(8, '0')}-0000-4000-8000-000000000000`;
      if (stages.includes('AWSCURRENT')) {
        withStage('AWSPREVIOUS')?.stages.delete('AWSPREVIOUS');
        const before = withStage('AWSCURRENT');
        before?.stages.delete('AWSCURRENT');
        before?.stages.add('AWSPREVIOUS');
      }
      versions.push({ id, text, stages: new Set(stages), createdAt: 1_700_000_000 + versions.length });
      return id;
    },
    forget: (text) =>
      void versions.splice(
        versions.findIndex((version) => version.text === text),
        1,
      ),
    trouble: (kind, operation = '', times = Infinity) => void troubles.push({ kind, operation, times }),
    calm: () => void troubles.splice(0),
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** What the SDK takes from the environment: the fake as the endpoint, and nothing of whoever runs the tests. */
export function awsEnvironment(endpoint: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL_SECRETS_MANAGER: endpoint,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'example-secret-access-key',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
