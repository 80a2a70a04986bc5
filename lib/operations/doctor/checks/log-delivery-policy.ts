import { logDestinations, VENDED } from '../../../facts/log-delivery';
import { textOf } from '../../../template/literal-text';
import type { TemplateResource } from '../../../template/template-resource';
import { itemsOf } from '../aws/protocol';
import { type Place, partitionOf } from '../place';
import { type Answer, type Aws, type Check, ok, willFail } from '../question';
import { newOnes } from '../stack-state';

/** The policy into which services write the groups that they deliver to, and its bounds (AWS: CloudWatch Logs, quotas). */
const POLICY = 'AWSLogDeliveryWrite20150319';
const MAX_POLICIES = 10;
const MAX_CHARACTERS = 5120;
/** Characters that CloudFormation adds to a name that it makes: two hyphens and twelve letters. */
const SUFFIX = 14;

/** Whether the account's policy for log delivery has room for the groups that services will deliver to. */
export const logDeliveryPolicy: Check = {
  id: 'log-delivery',
  questions: (place) => {
    const deliveries = place.resources.flatMap((resource) =>
      destinationsOf(resource).map((value) => ({ resource, name: groupName(place, resource, value) })),
    );
    if (deliveries.length === 0) return [];
    const resources = [...new Set(deliveries.map(({ resource }) => resource))];
    return [{ subject: `policy ${POLICY}`, resources, ask: (aws) => looked(aws, place, deliveries) }];
  },
};

interface Delivery {
  readonly resource: TemplateResource;
  /** The group's name, or one as long where CloudFormation makes it. */
  readonly name: string;
}

function destinationsOf({ type, properties }: TemplateResource): readonly unknown[] {
  return logDestinations(type).flatMap((path) => {
    let value: unknown = properties;
    for (const name of path.split('.')) {
      if (typeof value !== 'object' || value === null) return [];
      value = (value as Readonly<Record<string, unknown>>)[name];
    }
    return value === undefined ? [] : [value];
  });
}

function groupName(place: Place, resource: TemplateResource, value: unknown): string {
  const group = place.index.referent(resource, value);
  if (group === undefined || group.type !== 'AWS::Logs::LogGroup') return JSON.stringify(value);
  const name = group.properties['LogGroupName'];
  if (name === undefined) return 'x'.repeat(`${place.stackOf(group)?.stackName}${group.logicalId}`.length + SUFFIX);
  return place.textOf(group, name) ?? textOf(name);
}

async function looked(aws: Aws, place: Place, deliveries: readonly Delivery[]): Promise<Answer> {
  const policies = itemsOf((await aws.call('logs:DescribeResourcePolicies')).resourcePolicies);
  const written = policies.find(({ policyName }) => policyName === POLICY)?.policyDocument;
  if (written === undefined && policies.length >= MAX_POLICIES) {
    const names = policies.map(({ policyName }) => policyName).join(', ');
    return willFail(
      `The region has ${MAX_POLICIES} resource policies for logs, which is all that there can be (${names}): delete one that no one needs`,
      `aws logs delete-resource-policy --region ${place.region} --policy-name <name>`,
    );
  }
  const arn = (name: string) =>
    `"arn:${partitionOf(place.region)}:logs:${place.region}:${place.account}:log-group:${name}:log-stream:*",`;
  const outside = deliveries.filter(({ name }) => !name.startsWith(VENDED));
  const sum = (of: readonly Delivery[]) => of.reduce((total, { name }) => total + arn(name).length, 0);
  const length = written?.length ?? 0;
  const isFull = length + sum(outside) > MAX_CHARACTERS;
  const added = sum(isFull ? await newOnes(aws, place, outside) : outside);
  if (length + added > MAX_CHARACTERS) {
    return willFail(
      `The policy has ${length} of ${MAX_CHARACTERS} characters, and the groups need about ${added} more: name them ${VENDED}…, or ` +
        'write the policy shorter, without the groups that are gone',
      `aws logs describe-resource-policies --region ${place.region}`,
      `aws logs put-resource-policy --region ${place.region} --policy-name ${POLICY} --policy-document file://shorter.json`,
    );
  }
  return ok(
    `${length} of ${MAX_CHARACTERS} characters, ${added === 0 ? 'none' : `about ${added}`} more needed; ${policies.length} of ${MAX_POLICIES} policies`,
  );
}
