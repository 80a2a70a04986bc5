import {
  type CloudFormationClient,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { isDenied } from '../aws-errors';

/** A resource of a deployed stack: what it is called in AWS, and what its template says of it. */
export interface DeployedResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A stack as it is deployed. */
export interface DeployedStack {
  readonly resources: ReadonlyMap<string, DeployedResource>;
  /** Values of its parameters and outputs, where it is nested or has nested ones. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** The stacks nested in it, by logical id. */
  readonly nested: ReadonlyMap<string, DeployedStack>;
  /** Why its template could not be read. @default - it was */
  readonly unread?: string;
}

const NESTED = 'AWS::CloudFormation::Stack';

/** A stack by its name or id, with all that are nested in it; undefined when there is none. */
export async function findStack(client: CloudFormationClient, name: string): Promise<DeployedStack | undefined> {
  try {
    return await load(client, name, false);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** The outermost stack that a resource belongs to; undefined when it belongs to none. */
export async function stackOf(client: CloudFormationClient, physicalId: string): Promise<DeployedStack | undefined> {
  try {
    const { StackResources = [] } = await client.send(
      new DescribeStackResourcesCommand({ PhysicalResourceId: physicalId }),
    );
    const own = StackResources[0]?.StackId;
    if (own === undefined) return undefined;
    const { RootId } = await describe(client, own);
    return await load(client, RootId ?? own, false);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** All stacks of a tree. */
export function treeOf(stack: DeployedStack): DeployedStack[] {
  return [stack, ...[...stack.nested.values()].flatMap(treeOf)];
}

async function load(client: CloudFormationClient, name: string, isNested: boolean): Promise<DeployedStack> {
  const listed: { logicalId: string; physicalId: string; type: string }[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: name })) {
    for (const { LogicalResourceId, PhysicalResourceId, ResourceType, ResourceStatus } of StackResourceSummaries) {
      if (LogicalResourceId === undefined || PhysicalResourceId === undefined) continue;
      if (ResourceStatus === 'DELETE_COMPLETE') continue;
      listed.push({ logicalId: LogicalResourceId, physicalId: PhysicalResourceId, type: ResourceType ?? '' });
    }
  }
  const { properties, unread } = await readTemplate(client, name);
  const nested = new Map<string, DeployedStack>();
  for (const { logicalId, physicalId, type } of listed) {
    if (type === NESTED) nested.set(logicalId, await load(client, physicalId, true));
  }
  const { Parameters = [], Outputs = [] } = isNested ? await describe(client, name) : {};
  return {
    resources: new Map(listed.map((each) => [each.logicalId, { ...each, properties: properties(each.logicalId) }])),
    parameters: Object.fromEntries(
      Parameters.map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]),
    ),
    outputs: Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])),
    nested,
    unread,
  };
}

async function describe(client: CloudFormationClient, name: string): Promise<Partial<Stack>> {
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
  return Stacks[0] ?? {};
}

/** What the deployed template says of its resources; without it only what work queues dead-lettered can go back. */
async function readTemplate(client: CloudFormationClient, name: string) {
  const nothing = (unread: string) => ({ properties: () => ({}), unread });
  try {
    const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName: name }));
    const document = JSON.parse(TemplateBody) as {
      Resources?: Record<string, { Properties?: Record<string, unknown> }>;
    };
    return { properties: (id: string) => document.Resources?.[id]?.Properties ?? {}, unread: undefined };
  } catch (error) {
    if (isDenied(error)) return nothing('cloudformation:GetTemplate is not allowed');
    if (error instanceof SyntaxError) return nothing('its template is not JSON');
    throw error;
  }
}

/** CloudFormation says no more than `ValidationError` of a stack that does not exist. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message);
}
