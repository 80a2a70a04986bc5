import type { ResolvedResource, ResolvedTemplate } from '../../../local/assembly/resolved-template';
import type { RecordedCall } from '../../../local/aws/wire';
import { RagEnvironment, type ToolDefinition } from '../../../patterns/genai-rag/contract';
import { Encryption } from './encryption';
import { requestsOfCall, roleOf } from './handler-requests';
import { distinct, find, type Reasons, TABLE_KEY_REASONS } from './harness';
import type { AccessRequest } from './policies';
import { ServiceRequests } from './service-requests';
import { WebAppRequests } from './web-app-requests';

/** What a knowledge base does in its index (AWS: Bedrock, create a service role for knowledge bases, S3 Vectors). */
const VECTORS = ['DeleteVectors', 'GetIndex', 'GetVectors', 'PutVectors', 'QueryVectors'];
/** What it does with the key of what it takes in (the same page, and encryption of knowledge base resources). */
const TAKING_IN = ['kms:Decrypt', 'kms:GenerateDataKey'];
/** What the handler of invocation logs calls (lib/ai/handlers/invocation-logs.ts). */
const LOGGING = ['Delete', 'Get', 'Put'].map((verb) => `bedrock:${verb}ModelInvocationLoggingConfiguration`);

/** Why an action is granted that nothing here uses. */
export const RAG_REASONS: Reasons = {
  ...TABLE_KEY_REASONS,
  'bedrock:InvokeModel':
    "AWS's policy for an inference profile names it beside the stream's (Bedrock: prerequisites for inference profiles); who may do the one may do as much by the other.",
};

/** All that the application, and AWS's services for it, do. @param calls of its handlers */
export function usesOfRag(template: ResolvedTemplate, calls: readonly RecordedCall[]): AccessRequest[] {
  return distinct([
    ...calls.flatMap((call) => requestsOfCall(call, template)),
    ...new ServiceRequests(template).all(),
    ...new WebAppRequests(template).all(),
    ...new RagRequests(template).all(),
  ]);
}

/** What only this pattern's parts, and AWS's services for them, do; read off the template. */
export class RagRequests {
  private readonly encryption: Encryption;

  constructor(private readonly template: ResolvedTemplate) {
    this.encryption = new Encryption(template);
  }

  all(): AccessRequest[] {
    const { template } = this;
    return [
      ...template.ofType('AWS::ApiGateway::Method').flatMap((each) => this.route(each)),
      ...template.ofType('AWS::Bedrock::KnowledgeBase').flatMap((each) => this.knowledge(each)),
      ...template.ofType('AWS::Bedrock::DataSource').flatMap((each) => this.documents(each)),
      ...template.ofType('AWS::S3Vectors::Index').flatMap((each) => this.indexing(each)),
      ...template.ofType('Custom::BedrockInvocationLogs').flatMap((each) => this.invocationLogs(each)),
      this.looks(),
      ...this.tools(),
    ];
  }

  /** API Gateway calls the alias, for a stream by the same permission (AWS: Lambda API, InvokeWithResponseStream). */
  route({ properties }: ResolvedResource): AccessRequest[] {
    const { Uri = '' } = (properties['Integration'] ?? {}) as { readonly Uri?: string };
    const [, resource] = /functions\/(arn:.+)\/(?:invocations|response-streaming-invocations)$/.exec(Uri) ?? [];
    if (resource === undefined) return [];
    const { account, region } = this.template.deployment;
    const [stage] = this.template.ofType('AWS::ApiGateway::Stage');
    const path = this.path(String(properties['ResourceId'])).replace(
      /\{[^}]+\}/g,
      '01900000-0000-7000-8000-000000000001',
    );
    return [
      {
        principal: 'apigateway.amazonaws.com',
        action: 'lambda:InvokeFunction',
        resource,
        policyOf: this.template.ofType('AWS::Lambda::Alias').find(({ name }) => name === resource)?.logicalId,
        context: {
          'aws:SourceArn': `arn:aws:execute-api:${region}:${account}:${String(properties['RestApiId'])}/${stage?.name}/${String(properties['HttpMethod'])}${path}`,
        },
      },
    ];
  }

  /** What Bedrock does as the knowledge base's role: the model and the store. */
  private knowledge({ properties }: ResolvedResource): AccessRequest[] {
    const principal = String(properties['RoleArn']);
    const text = JSON.stringify(properties);
    const [, model = ''] = /"EmbeddingModelArn":"([^"]+)"/.exec(text) ?? [];
    const [, index] = /"IndexArn":"([^"]+)"/.exec(text) ?? [];
    const [, collection = ''] = /"CollectionArn":"([^"]+)"/.exec(text) ?? [];
    return [
      { principal, action: 'bedrock:InvokeModel', resource: model },
      ...(index === undefined
        ? [{ principal, action: 'aoss:APIAccessAll', resource: collection }]
        : VECTORS.map((action) => ({ principal, action: `s3vectors:${action}`, resource: index }))),
      ...this.encryption.use(principal, TAKING_IN, index ?? collection),
    ];
  }

  /** What Bedrock does as that role in the bucket. It says whose bucket it takes it for. */
  private documents({ properties }: ResolvedResource): AccessRequest[] {
    const { S3Configuration } = properties['DataSourceConfiguration'] as {
      readonly S3Configuration: { readonly BucketArn: string; readonly InclusionPrefixes: readonly string[] };
    };
    const { BucketArn: bucket, InclusionPrefixes } = S3Configuration;
    const { KmsKeyArn } = properties['ServerSideEncryptionConfiguration'] as { readonly KmsKeyArn: string };
    const base = this.template
      .ofType('AWS::Bedrock::KnowledgeBase')
      .find(({ name }) => name === properties['KnowledgeBaseId']);
    const principal = String(base?.properties['RoleArn']);
    const inBucket = (action: string, resource: string) => ({
      principal,
      action: `s3:${action}`,
      resource,
      policyOf: this.bucketAt(bucket)?.logicalId,
      context: { 'aws:ResourceAccount': this.template.deployment.account },
    });
    return [
      inBucket('ListBucket', bucket),
      ...InclusionPrefixes.map((prefix) => inBucket('GetObject', `${bucket}/${prefix}t-acme/1.txt`)),
      ...this.encryption.use(principal, ['kms:Decrypt'], this.bucketAt(bucket)?.arn ?? ''),
      ...this.encryption.use(principal, TAKING_IN, KmsKeyArn),
    ];
  }

  /** S3 Vectors reads its indexes (AWS: S3 Vectors, data protection and encryption). */
  indexing({ arn = '' }: ResolvedResource): AccessRequest[] {
    return this.encryption.use('indexing.s3vectors.amazonaws.com', ['kms:Decrypt'], arn, {
      'aws:SourceAccount': this.template.deployment.account,
      'aws:SourceArn': arn.replace(/\/index\/.+$/, ''),
      'kms:EncryptionContextKeys': 'aws:s3vectors:arn',
    });
  }

  /** The handler sets the region's setting and hands over the role that Bedrock writes by. */
  private invocationLogs({ properties }: ResolvedResource): AccessRequest[] {
    const principal = roleOf(this.template, this.template.byArn(String(properties['ServiceToken']))?.logicalId ?? '');
    const role = String(properties['role']);
    const { account, region } = this.template.deployment;
    const stream = `arn:aws:logs:${region}:${account}:log-group:${String(properties['logGroup'])}:log-stream:aws/bedrock/modelinvocations`;
    return [
      ...LOGGING.map((action) => ({ principal, action, resource: '*' })),
      {
        principal,
        action: 'iam:PassRole',
        resource: role,
        context: { 'iam:PassedToService': 'bedrock.amazonaws.com' },
      },
      ...['CreateLogStream', 'PutLogEvents'].map((action) => ({
        principal: role,
        action: `logs:${action}`,
        resource: stream,
      })),
    ];
  }

  /** Whoever looks at files must be told 404, not 403, of one that is not there (AWS: S3 API, HeadObject). */
  private looks(): AccessRequest {
    const { arn, logicalId: policyOf } = find(this.template, 'AWS::S3::Bucket', 'Documents');
    const inspector = find(this.template, 'AWS::Lambda::Function', 'Inspector').logicalId;
    return { principal: roleOf(this.template, inspector), action: 's3:ListBucket', resource: arn, policyOf };
  }

  /** Tools as the function that answers is told of them. */
  private tools(): AccessRequest[] {
    return this.template.ofType('AWS::Lambda::Function').flatMap(({ logicalId, properties }) => {
      const { Variables = {} } = (properties['Environment'] ?? {}) as { Variables?: Record<string, string> };
      const tools = JSON.parse(Variables[RagEnvironment.tools] ?? '[]') as ToolDefinition[];
      return tools.map(({ functionArn: resource }) => ({
        principal: roleOf(this.template, logicalId),
        action: 'lambda:InvokeFunction',
        resource,
      }));
    });
  }

  private bucketAt(arn: string): ResolvedResource | undefined {
    return this.template.ofType('AWS::S3::Bucket').find((bucket) => bucket.arn === arn);
  }

  private path(resourceId: string): string {
    const resource = this.template.ofType('AWS::ApiGateway::Resource').find(({ name }) => name === resourceId);
    if (resource === undefined) return '';
    return `${this.path(String(resource.properties['ParentId']))}/${String(resource.properties['PathPart'])}`;
  }
}
