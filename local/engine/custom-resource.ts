import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ResolvedResource } from '../assembly/resolved-template';
import { answeringAll } from '../aws/any-request';
import { bodyOf } from '../aws/server';
import type { CreateSandbox, FunctionDefinition } from '../lambda/sandbox';

/** What CloudFormation is answered (AWS: custom resource response objects). */
interface CustomResourceAnswer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/**
 * Creates a custom resource as CloudFormation does: its function gets the request, and answers at an address.
 *
 * @returns its attributes
 * @throws Error when the function fails, or says that it did not work, or says nothing
 */
export async function createCustomResource(
  resource: ResolvedResource,
  definition: FunctionDefinition,
  createSandbox: CreateSandbox,
): Promise<Readonly<Record<string, string>>> {
  const { logicalId, type, properties } = resource;
  let given: CustomResourceAnswer | undefined;
  const server = createServer(
    answeringAll(async (request: IncomingMessage, response: ServerResponse) => {
      given = JSON.parse((await bodyOf(request)).toString('utf8')) as CustomResourceAnswer;
      response.end();
    }),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const lines: string[] = [];
  const sandbox = createSandbox(definition, (line) => lines.push(line));
  try {
    const { errorType, errorMessage } = await sandbox.invoke(
      {
        RequestType: 'Create',
        ResponseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        StackId: 'local',
        RequestId: logicalId,
        LogicalResourceId: logicalId,
        ResourceType: type,
        ResourceProperties: properties,
      },
      logicalId,
    );
    if (errorType !== undefined) throw new Error(`${logicalId}: ${errorType}: ${errorMessage}`);
    if (given?.Status !== 'SUCCESS') throw new Error(`${logicalId}: ${given?.Reason ?? 'it did not answer'}`);
    return given.Data ?? {};
  } finally {
    await sandbox.stop();
    await new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    });
  }
}
