import type { DeployedStack } from './stacks';

/** Where a stack is: from the ARN of anything in it. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** Where a resource is, by its ARN. */
export function placeOf(arn: string): Place {
  const [, partition = 'aws', , region = '', account = ''] = arn.split(':');
  return { partition, region, account };
}

/**
 * The value that an expression of a template has in the deployed stack, as far as CloudFormation tells without asking each
 * service; undefined otherwise.
 */
export function resolvedValue(expression: unknown, stack: DeployedStack, place: Place): string | undefined {
  if (typeof expression === 'string') return expression;
  if (typeof expression !== 'object' || expression === null) return undefined;
  const { Ref, ...intrinsic } = expression as Readonly<Record<string, unknown>>;
  if (typeof Ref === 'string') return referenced(Ref, stack, place);
  const attribute = intrinsic['Fn::GetAtt'];
  if (attribute !== undefined) {
    const [id = '', ...path] = Array.isArray(attribute) ? attribute.map(String) : String(attribute).split('.');
    return attributeOf(id, path.join('.'), stack, place);
  }
  const joined = intrinsic['Fn::Join'];
  if (!Array.isArray(joined) || !Array.isArray(joined[1])) return undefined;
  const parts = joined[1].map((part) => resolvedValue(part, stack, place));
  return parts.includes(undefined) ? undefined : parts.join(String(joined[0]));
}

function referenced(id: string, stack: DeployedStack, { partition, region, account }: Place): string | undefined {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': account,
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  if (Object.hasOwn(pseudo, id)) return pseudo[id];
  return Object.hasOwn(stack.parameters, id) ? stack.parameters[id] : stack.resources.get(id)?.physicalId;
}

/** Physical ids are names or ARNs, by type (AWS: CloudFormation, return values). */
function attributeOf(id: string, attribute: string, stack: DeployedStack, place: Place): string | undefined {
  const nested = stack.nested.get(id);
  if (nested !== undefined) return nested.outputs[attribute.replace(/^Outputs\./, '')];
  const resource = stack.resources.get(id);
  if (resource === undefined || attribute !== 'Arn') return undefined;
  const { type, physicalId } = resource;
  if (physicalId.startsWith('arn:')) return physicalId;
  const { partition, region, account } = place;
  const arn = (service: string, rest: string) => `arn:${partition}:${service}:${region}:${account}:${rest}`;
  if (type === 'AWS::SQS::Queue') return arn('sqs', physicalId.split('/').pop() ?? '');
  if (type === 'AWS::Lambda::Function') return arn('lambda', `function:${physicalId}`);
  return undefined;
}
