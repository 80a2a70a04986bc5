import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import type { RecordedCall } from '../../../local/aws/server';
import type { AccessRequest } from './policies';

type Input = Record<string, unknown>;

/** What IAM checks when a function makes a call: the action itself, and the key that AWS uses in the caller's name. */
export function requestsOfCall(call: RecordedCall, template: ResolvedTemplate): AccessRequest[] {
  const principal = roleOf(template, call.accessKeyId);
  const key = template.ofType('AWS::KMS::Key')[0];
  const keyArn = key?.arn ?? '';
  const { region } = template.deployment;
  const useKey = (actions: readonly string[], service: string): AccessRequest[] =>
    actions.map((action) => ({
      principal,
      action,
      resource: keyArn,
      policyOf: key?.logicalId,
      context: { 'kms:ViaService': `${service}.${region}.amazonaws.com` },
    }));
  const table = (action: string, input: Input): AccessRequest => {
    const arn = arnOf(template, 'AWS::DynamoDB::Table', String(input['TableName']));
    const index = input['IndexName'] === undefined ? '' : `/index/${String(input['IndexName'])}`;
    return { principal, action: `dynamodb:${action}`, resource: arn + index };
  };
  const object = (action: string, input: Input): AccessRequest => {
    const bucket = template.ofType('AWS::S3::Bucket').find(({ name }) => name === input['Bucket']);
    return {
      principal,
      action: `s3:${action}`,
      resource: `${bucket?.arn}/${String(input['Key'])}`,
      policyOf: bucket?.logicalId,
    };
  };
  const { action, input } = call;
  switch (`${call.service}:${action}`) {
    case 'dynamodb:GetItem':
    case 'dynamodb:PutItem':
    case 'dynamodb:Query':
      return [table(action, input), ...useKey(['kms:Decrypt'], 'dynamodb')];
    case 'dynamodb:TransactWriteItems':
      return [
        ...(input['TransactItems'] as Input[]).flatMap((item) =>
          Object.entries(item).map(([kind, each]) =>
            table(kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`, each as Input),
          ),
        ),
        ...useKey(['kms:Decrypt'], 'dynamodb'),
      ];
    case 's3:GetObject':
      return [object(action, input), ...useKey(['kms:Decrypt'], 's3')];
    case 's3:PutObject':
      return [object(action, input), ...useKey(['kms:GenerateDataKey'], 's3')];
    case 'sns:PublishBatch': {
      const topic = template.byArn(String(input['TopicArn']));
      return [
        { principal, action: 'sns:Publish', resource: String(topic?.arn), policyOf: topic?.logicalId },
        ...useKey(['kms:Decrypt', 'kms:GenerateDataKey'], 'sns'),
      ];
    }
    default:
      throw new Error(`${call.service}:${action} is not known here`);
  }
}

/** ARN of a function's role. */
export function roleOf(template: ResolvedTemplate, logicalId: string): string {
  return String(template.resources.get(logicalId)?.properties['Role']);
}

function arnOf(template: ResolvedTemplate, type: string, name: string): string {
  const found = template.ofType(type).find((resource) => resource.name === name);
  if (found?.arn === undefined) throw new Error(`The template has no ${type} ${name}`);
  return found.arn;
}
