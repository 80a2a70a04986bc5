import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SynthesizedStack } from '../../../local/assembly/cloud-assembly';
import { type ResolvedResource, ResolvedTemplate } from '../../../local/assembly/resolved-template';
import { bodyOf } from '../../../local/aws/server';
import type { LocalInput } from '../../../local/aws/service';
import type { RecordedCall } from '../../../local/aws/wire';
import { VirtualClock } from '../../../local/clock/virtual-clock';
import { seededRandom } from '../../../local/engine/random';
import { inProcessSandboxes } from '../../../local/lambda/in-process-sandbox';
import type { Reply } from '../../../local/lambda/sandbox';
import { type PipelineVariant, synthesized } from './data-pipeline-run';
import { Encryption } from './encryption';
import { requestsOfCall } from './handler-requests';
import type { AccessRequest } from './policies';
import { ServiceRequests } from './service-requests';
import { requestsOfWarehouseCall } from './warehouse-requests';

/** What the warehouse's handlers did. */
export interface WarehouseRecording {
  readonly template: ResolvedTemplate;
  readonly calls: readonly RecordedCall[];
  /** What CloudFormation was told, as `Create SUCCESS`. */
  readonly told: readonly string[];
}

const SEED = 1;
const STATEMENT = 'd9b6c0c9-0747-4bf4-b142-e8883122f766';

/** Redshift's Data API: a statement is under way when it is looked at for the first time. */
function redshift(): (action: string) => LocalInput {
  let looks = 0;
  return (action) => {
    if (action === 'ExecuteStatement') return { Id: STATEMENT };
    looks += 1;
    return { Id: STATEMENT, Status: looks % 2 === 1 ? 'STARTED' : 'FINISHED' };
  };
}

/** Glue's catalog: it knows two days, a page each. */
function glue(action: string, { Name, NextToken }: LocalInput): LocalInput {
  if (action === 'GetTable') return { Table: { Name, StorageDescriptor: { Location: `s3://lake/${String(Name)}/` } } };
  if (action !== 'GetPartitions') return {};
  return NextToken === undefined
    ? { Partitions: [{ Values: ['2026-01-01'] }], NextToken: 'more' }
    : { Partitions: [{ Values: ['2026-01-02'] }] };
}

/** All that is done in a pipeline with a warehouse. @param others what the pipeline's other handlers call */
export function usesOf(
  { template, calls }: WarehouseRecording,
  others: readonly RecordedCall[],
  encryption = new Encryption(template),
): AccessRequest[] {
  return [
    ...others.flatMap((call) => requestsOfCall(call, template, encryption)),
    ...calls.flatMap((call) => requestsOfWarehouseCall(call, template)),
    ...new ServiceRequests(template, encryption).all(),
  ];
}

/** Runs the code that the template names, with what it gives it: the schema made, changed and dropped, and days registered. */
export function recordWarehouse(variant: PipelineVariant = {}): Promise<WarehouseRecording> {
  const props: PipelineVariant['props'] = (app) => ({ warehouse: true, ...variant.props?.(app) });
  return synthesized({ ...variant, props }, async (stack) => {
    const template = new ResolvedTemplate(stack.template, stack.deployment);
    const calls: RecordedCall[] = [];
    const told: string[] = [];
    const invoke = invoker(stack, template, calls);
    const { endpoint, close } = await cloudFormation(told);
    try {
      for (const { logicalId, properties } of template.ofType('Custom::ExternalSchema')) {
        const event = {
          ...{ ResponseURL: endpoint, StackId: 'stack', RequestId: 'request', LogicalResourceId: logicalId },
          ...{ ResourceProperties: properties, OldResourceProperties: properties, PhysicalResourceId: 'schema' },
        };
        for (const RequestType of ['Create', 'Update', 'Delete']) {
          await invoke(properties['ServiceToken'], { ...event, RequestType });
          told.push(`${RequestType} ${told.pop()}`);
        }
      }
      for (const { properties } of template.ofType('AWS::Scheduler::Schedule')) {
        await invoke((properties['Target'] as { Arn: string }).Arn, {});
      }
    } finally {
      await close();
    }
    return { template, calls, told };
  });
}

/** Invokes functions of a stack by ARN, with the time of a {@link VirtualClock} that stands still. */
function invoker(stack: SynthesizedStack, template: ResolvedTemplate, calls: RecordedCall[]) {
  const createSandbox = inProcessSandboxes({
    clock: new VirtualClock(),
    services: { glue: { call: glue }, 'redshift-data': { call: redshift() } },
    onCall: (call) => {
      calls.push(call);
    },
    random: seededRandom(SEED),
    platform: {
      AWS_REGION: stack.deployment.region,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_SECRET_ACCESS_KEY: 'local',
    },
  });
  return async (arn: unknown, event: unknown): Promise<void> => {
    const fn = template.byArn(String(arn));
    if (fn === undefined) throw new Error(`The template has no function ${String(arn)}`);
    const sandbox = createSandbox(definitionOf(fn, stack), () => undefined);
    const { errorType, errorMessage }: Reply = await sandbox.invoke(event, 'request');
    await sandbox.stop();
    if (errorType !== undefined) throw new Error(`${fn.logicalId}: ${errorType}: ${errorMessage}`);
  };
}

function definitionOf({ logicalId, name, arn = '', properties }: ResolvedResource, stack: SynthesizedStack) {
  const { S3Key } = properties['Code'] as { S3Key: string };
  const { Variables } = properties['Environment'] as { Variables: Record<string, string> };
  return {
    ...{ logicalId, name, arn, service: logicalId, folder: stack.assetFolder(S3Key), environment: Variables },
    ...{ handler: String(properties['Handler']), timeout: Number(properties['Timeout']), memory: 256 },
  };
}

/** Where CloudFormation waits for a custom resource's answer. */
async function cloudFormation(told: string[]): Promise<{ endpoint: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const { Status } = JSON.parse((await bodyOf(request)).toString()) as { Status: string };
    told.push(Status);
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
