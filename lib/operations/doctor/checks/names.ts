import { nameProperties } from '../../../facts/unique-names';
import type { TemplateResource } from '../../../template/template-resource';
import { itemsOf } from '../aws/protocol';
import type { Place } from '../place';
import { type Answer, type Aws, type Check, cannotTell, ok, type Question, willFail } from '../question';
import { hasMade, isNew } from '../stack-state';

/** Whether a name is taken: `no`, `yes`, or why that cannot be told. */
type Taken = 'no' | 'yes' | { readonly unknown: string };

/** How to look for a name, by type. */
const LOOKS: Readonly<Record<string, (aws: Aws, name: string) => Promise<Taken>>> = {
  'AWS::S3::Bucket': async (aws, name) => {
    const status = await aws.call('s3:ListBucket', { Bucket: name }).then(
      () => 'HTTP 200',
      (error: unknown) => (error instanceof Error ? error.name : ''),
    );
    if (status === 'HTTP 404') return 'no';
    // A bucket of another region answers with a redirect.
    if (/^HTTP (200|30\d)$/.test(status)) return 'yes';
    if (status === 'HTTP 403')
      return { unknown: 'it belongs to another account, or there is no permission for s3:ListBucket' };
    return { unknown: `S3 answers ${status}` };
  },
  'AWS::DynamoDB::Table': (aws, name) => unlessMissing(aws.call('dynamodb:DescribeTable', { TableName: name })),
  'AWS::Logs::LogGroup': async (aws, name) => {
    const { logGroups } = await aws.call('logs:DescribeLogGroups', { logGroupNamePrefix: name });
    return itemsOf(logGroups).some(({ logGroupName }) => logGroupName === name) ? 'yes' : 'no';
  },
  'AWS::Cognito::UserPoolDomain': async (aws, name) => {
    // For a domain that no one has, the description is empty (AWS: Cognito, DescribeUserPoolDomain).
    const { DomainDescription } = await aws.call('cognito-idp:DescribeUserPoolDomain', { Domain: name });
    return DomainDescription?.UserPoolId === undefined ? 'no' : 'yes';
  },
};

async function unlessMissing(call: Promise<unknown>): Promise<Taken> {
  try {
    await call;
    return 'yes';
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return 'no';
    throw error;
  }
}

/** Whether the names that templates write are still free. Names that CloudFormation makes are not looked at. */
export const names: Check = {
  id: 'names',
  questions: (place) => {
    const named = place.resources.flatMap((resource) => {
      const name = nameOf(place, resource);
      return name === undefined ? [] : [{ resource, name }];
    });
    const others = named.filter(({ resource }) => !Object.hasOwn(LOOKS, resource.type));
    return [
      ...named.flatMap(({ resource, name }): readonly Question[] => {
        const look = Object.hasOwn(LOOKS, resource.type) ? LOOKS[resource.type] : undefined;
        if (look === undefined) return [];
        return [
          {
            subject: name,
            resources: [resource],
            ask: async (aws) => judged(aws, place, resource, await look(aws, name)),
          },
        ];
      }),
      ...(others.length === 0 ? [] : [unlooked(others)]),
    ];
  },
};

/** The name that a template writes; undefined where CloudFormation makes it, or only deployment knows it. */
function nameOf(place: Place, resource: TemplateResource): string | undefined {
  const parts = nameProperties(resource.type).map((path) => {
    let value: unknown = resource.properties;
    for (const part of path.split('.')) value = (value as Readonly<Record<string, unknown>> | undefined)?.[part];
    return place.textOf(resource, value);
  });
  if (parts.length === 0 || parts.some((part) => part === undefined)) return undefined;
  return parts.join('/');
}

async function judged(aws: Aws, place: Place, resource: TemplateResource, taken: Taken): Promise<Answer> {
  if (taken === 'no') return ok('free');
  if (typeof taken === 'object') return cannotTell(taken.unknown);
  const stack = place.stackOf(resource);
  if (!(await isNew(aws, place, resource))) {
    if (stack === undefined || stack.key !== resource.stack)
      return cannotTell("It exists; whether it is this nested stack's is not known");
    if (await hasMade(aws, stack.stackName, resource.logicalId)) return ok("it is the stack's own");
  }
  return willFail(
    'The name is taken, so that creating it fails with "already exists": write another name, or none; or make what exists part of the stack',
    `npx cdk import ${stack?.key ?? ''}`.trim(),
  );
}

function unlooked(others: readonly { readonly resource: TemplateResource; readonly name: string }[]): Question {
  const list = others.map(({ name }) => name).join(', ');
  return {
    subject: 'names of other types',
    resources: others.map(({ resource }) => resource),
    ask: async () => cannotTell(`Whether these names are free is not looked up: ${list}`),
  };
}
