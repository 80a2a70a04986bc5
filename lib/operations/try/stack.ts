import {
  type CloudFormationClient,
  DescribeStacksCommand,
  GetTemplateCommand,
  paginateListStackResources,
  type Stack,
} from '@aws-sdk/client-cloudformation';
import { TRY_METADATA, type TryMetadata, TryOutputs } from '../../stage/try-metadata';
import { CommandError } from '../terminal';

/** A deployed stack that can be tried. */
export interface TriedStack {
  readonly name: string;
  readonly pattern: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** States in which a stack serves requests. */
const SERVES = /^(CREATE|UPDATE|IMPORT|UPDATE_ROLLBACK|IMPORT_ROLLBACK)_COMPLETE(_CLEANUP_IN_PROGRESS)?$/;

/**
 * A deployed stack of stage dev, by its name.
 *
 * @throws CommandError when there is none, it is not ready, it is not one of ours, or it is of another stage (exit code 2)
 */
export async function findTriedStack(client: CloudFormationClient, name: string, region: string): Promise<TriedStack> {
  const { StackName = name, StackStatus = '', Outputs = [] } = await describe(client, name, region);
  if (!SERVES.test(StackStatus)) {
    throw new CommandError(
      `The stack ${StackName} in ${region} is ${StackStatus}: try it when it is CREATE_COMPLETE or UPDATE_COMPLETE.`,
    );
  }
  const outputs = Object.fromEntries(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  const { pattern, stage } = await metadataOf(client, StackName);
  if (stage !== 'dev') {
    const { [TryOutputs.firstUser]: line } = outputs;
    throw new CommandError(
      `${StackName} is of stage ${stage}; groundplan try makes users in stage dev alone, and made nothing.` +
        (line === undefined ? '' : ` This makes a user of a person:\n${line}`),
      2,
    );
  }
  if (outputs[TryOutputs.tryIt] === undefined) {
    throw new CommandError(
      `${StackName} has no output ${TryOutputs.tryIt}: its users are of a pool that you brought, or its callers are roles of IAM. ` +
        'groundplan try makes a user only in the pool of the stack itself, and made nothing.',
    );
  }
  return { name: StackName, pattern, outputs };
}

/** The log groups of a stack whose logical ids are meant, as CloudWatch calls them. */
export async function logGroupsOf(client: CloudFormationClient, name: string, meant: RegExp): Promise<string[]> {
  const found: string[] = [];
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName: name })) {
    for (const { ResourceType, LogicalResourceId = '', PhysicalResourceId } of StackResourceSummaries) {
      if (ResourceType !== 'AWS::Logs::LogGroup' || PhysicalResourceId === undefined) continue;
      if (meant.test(LogicalResourceId)) found.push(PhysicalResourceId);
    }
  }
  return found;
}

async function describe(client: CloudFormationClient, name: string, region: string): Promise<Stack> {
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    if (stack !== undefined) return stack;
  } catch (error) {
    // CloudFormation has no code of its own for what does not exist.
    const isMissing =
      error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message);
    if (!isMissing) throw error;
  }
  throw new CommandError(
    `There is no stack ${name} in ${region}: check the name, --region, and the account of your credentials. ` +
      'The output Try of a deployment has the whole line.',
  );
}

async function metadataOf(client: CloudFormationClient, name: string): Promise<TryMetadata> {
  const { TemplateBody = '' } = await client.send(new GetTemplateCommand({ StackName: name }));
  const found = metadataIn(TemplateBody);
  if (found !== undefined) return found;
  throw new CommandError(
    `${name} does not say which pattern it is. A stack of groundplan: deploy it again. ` +
      "A stack of your own: addTryOutput(stack, { pattern: 'event-driven', stage, userPool }).",
  );
}

/** What a template says of itself; undefined for one that is not of this package. */
function metadataIn(template: string): TryMetadata | undefined {
  try {
    const { Metadata } = JSON.parse(template) as { Metadata?: Readonly<Record<string, Partial<TryMetadata>>> };
    const { pattern, stage } = Metadata?.[TRY_METADATA] ?? {};
    return typeof pattern === 'string' && typeof stage === 'string' ? { pattern, stage } : undefined;
  } catch (error) {
    // A template in YAML is not of the CDK.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
