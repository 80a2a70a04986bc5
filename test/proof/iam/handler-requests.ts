import type { ResolvedTemplate } from '../../../local/assembly/resolved-template';
import type { RecordedCall } from '../../../local/aws/server';
import { Encryption } from './encryption';
import { modelRequests } from './model-requests';
import type { AccessRequest } from './policies';

type Input = Record<string, unknown>;

/** What IAM checks when a function makes a call: the action itself, and the key that AWS uses in the caller's name. */
export function requestsOfCall(
  call: RecordedCall,
  template: ResolvedTemplate,
  encryption = new Encryption(template),
): AccessRequest[] {
  const principal = roleOf(template, call.accessKeyId);
  const { action, input } = call;
  const table = (name: string, of: Input): AccessRequest[] => {
    const arn = arnOf(template, 'AWS::DynamoDB::Table', String(of['TableName']));
    const index = of['IndexName'] === undefined ? '' : `/index/${String(of['IndexName'])}`;
    return [
      { principal, action: `dynamodb:${name}`, resource: arn + index },
      ...encryption.via('dynamodb', principal, ['kms:Decrypt'], arn),
    ];
  };
  const object = (name: string, keyActions: readonly string[], key = input['Key']): AccessRequest[] => {
    const arn = arnOf(template, 'AWS::S3::Bucket', String(input['Bucket']));
    const resource = `${arn}/${String(key)}`;
    return [
      { principal, action: `s3:${name}`, resource, policyOf: template.byArn(arn)?.logicalId },
      ...encryption.via('s3', principal, keyActions, arn),
    ];
  };
  switch (`${call.service}:${action}`) {
    case 'dynamodb:DeleteItem':
    case 'dynamodb:GetItem':
    case 'dynamodb:PutItem':
    case 'dynamodb:Query':
    case 'dynamodb:UpdateItem':
      return table(action, input);
    case 'dynamodb:TransactWriteItems':
      return (input['TransactItems'] as Input[]).flatMap((item) =>
        Object.entries(item).flatMap(([kind, each]) =>
          table(kind === 'ConditionCheck' ? 'ConditionCheckItem' : `${kind}Item`, each as Input),
        ),
      );
    case 's3:GetObject':
    case 's3:HeadObject':
      return object('GetObject', ['kms:Decrypt']);
    case 's3:PutObject':
      return object('PutObject', ['kms:GenerateDataKey']);
    // AWS: S3, multipart upload and permissions: parts are decrypted to be completed.
    case 's3:CreateMultipartUpload':
    case 's3:UploadPart':
    case 's3:CompleteMultipartUpload':
      return object('PutObject', ['kms:GenerateDataKey', 'kms:Decrypt']);
    case 's3:ListParts':
      return object('ListMultipartUploadParts', []);
    case 's3:CopyObject': {
      // Within one bucket, as far as anyone here copies.
      const source = String(input['CopySource']).split('/').slice(1).join('/');
      return [...object('GetObject', ['kms:Decrypt'], source), ...object('PutObject', ['kms:GenerateDataKey'])];
    }
    case 's3:DeleteObject':
      // AWS: S3, conditional deletes: comparing an ETag takes the right to read.
      return [...object('DeleteObject', []), ...(input['IfMatch'] === undefined ? [] : object('GetObject', []))];
    case 's3:DeleteObjects':
      return (input['Keys'] as string[]).flatMap((key) => object('DeleteObject', [], key));
    case 'kinesis:PutRecord': {
      // A stream of the user's is in no template.
      const { account, region } = template.deployment;
      const resource = `arn:aws:kinesis:${region}:${account}:stream/${String(input['StreamName'])}`;
      return [
        { principal, action: 'kinesis:PutRecord', resource },
        ...encryption.via('kinesis', principal, ['kms:GenerateDataKey'], resource),
      ];
    }
    case 'sns:Publish':
    case 'sns:PublishBatch': {
      const resource = String(input['TopicArn']);
      return [
        { principal, action: 'sns:Publish', resource, policyOf: template.byArn(resource)?.logicalId },
        ...encryption.via('sns', principal, ['kms:Decrypt', 'kms:GenerateDataKey'], resource),
      ];
    }
    case 'bedrock:Retrieve':
    case 'bedrock:StartIngestionJob':
    case 'bedrock:GetIngestionJob':
    case 'bedrock:GetKnowledgeBaseDocuments': {
      // A data source has no ARN of its own (AWS: Service Authorization Reference, Bedrock).
      const resource = arnOf(template, 'AWS::Bedrock::KnowledgeBase', String(input['knowledgeBaseId']));
      return [{ principal, action: `bedrock:${action}`, resource }];
    }
    case 'bedrock:ConverseStream':
      return modelRequests(principal, input, template, encryption);
    default:
      throw new Error(`${call.service}:${action} is not known here`);
  }
}

/** ARN of the role of a function, or of a task. */
export function roleOf(template: ResolvedTemplate, logicalId: string): string {
  const { Role, TaskRoleArn } = template.resources.get(logicalId)?.properties ?? {};
  return String(Role ?? TaskRoleArn);
}

function arnOf(template: ResolvedTemplate, type: string, name: string): string {
  const found = template.ofType(type).find((resource) => resource.name === name);
  if (found?.arn === undefined) throw new Error(`The template has no ${type} ${name}`);
  return found.arn;
}
