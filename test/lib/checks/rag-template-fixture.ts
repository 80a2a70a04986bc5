import type { Stack } from 'aws-cdk-lib';
import { Fn } from 'aws-cdk-lib';
import { CfnDataSource, CfnGuardrail, CfnGuardrailVersion, CfnKnowledgeBase } from 'aws-cdk-lib/aws-bedrock';
import { Alarm, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { CfnDeliverySource } from 'aws-cdk-lib/aws-logs';
import {
  CfnAccessPolicy,
  CfnCollection,
  CfnCollectionGroup,
  CfnSecurityPolicy,
} from 'aws-cdk-lib/aws-opensearchserverless';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnVectorBucket } from 'aws-cdk-lib/aws-s3vectors';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { template } from './rule-table-fixture';

const MODEL = 'amazon.nova-lite-v1:0';
const PROFILE = `eu.${MODEL}`;

function fn(stack: Stack, id: string, environment: Record<string, string> = {}): LambdaFunction {
  return new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromInline('//'),
    environment,
  });
}

function guardrail(stack: Stack, key: Key): { version: CfnGuardrailVersion; versionArn: string; id: string } {
  const strong = (type: string) => ({ type, inputStrength: 'HIGH', outputStrength: 'HIGH' });
  const made = new CfnGuardrail(stack, 'Guard', {
    name: 'guard',
    blockedInputMessaging: 'No.',
    blockedOutputsMessaging: 'No.',
    kmsKeyArn: key.keyArn,
    contentPolicyConfig: {
      filtersConfig: [strong('HATE'), { type: 'PROMPT_ATTACK', inputStrength: 'HIGH', outputStrength: 'NONE' }],
    },
    sensitiveInformationPolicyConfig: { piiEntitiesConfig: [{ type: 'EMAIL', action: 'ANONYMIZE' }] },
    topicPolicyConfig: { topicsConfig: [{ name: 'Law', definition: 'Legal advice', type: 'DENY' }] },
    contextualGroundingPolicyConfig: {
      filtersConfig: [
        { type: 'GROUNDING', threshold: 0.7 },
        { type: 'RELEVANCE', threshold: 0.5 },
      ],
    },
  });
  const version = new CfnGuardrailVersion(stack, 'GuardVersion', { guardrailIdentifier: made.attrGuardrailId });
  return { version, id: made.attrGuardrailId, versionArn: Fn.join(':', [made.attrGuardrailArn, version.attrVersion]) };
}

function store(stack: Stack, key: Key, role: Role): CfnCollection {
  const group = new CfnCollectionGroup(stack, 'Group', {
    name: 'docs',
    standbyReplicas: 'DISABLED',
    generation: 'NEXTGEN',
    capacityLimits: { maxIndexingCapacityInOcu: 2, maxSearchCapacityInOcu: 2 },
  });
  const rules = [{ ResourceType: 'collection', Resource: ['collection/docs'] }];
  new CfnSecurityPolicy(stack, 'Encryption', {
    name: 'docs',
    type: 'encryption',
    policy: stack.toJsonString({ Rules: rules, AWSOwnedKey: false, KmsARN: key.keyArn }),
  });
  new CfnSecurityPolicy(stack, 'Network', {
    name: 'docs',
    type: 'network',
    policy: stack.toJsonString([{ Rules: rules, AllowFromPublic: false, SourceServices: ['bedrock.amazonaws.com'] }]),
  });
  new CfnAccessPolicy(stack, 'Data', {
    name: 'docs',
    type: 'data',
    policy: stack.toJsonString([
      {
        Rules: [{ ResourceType: 'index', Resource: ['index/docs/*'], Permission: ['aoss:ReadDocument'] }],
        Principal: [role.roleArn],
      },
    ]),
  });
  return new CfnCollection(stack, 'Collection', {
    name: 'docs',
    type: 'VECTORSEARCH',
    collectionGroupName: group.name,
  });
}

/** Documents, a knowledge base on OpenSearch Serverless, and a function that asks a model: as anyone's app might have them. */
export const rag = template((stack) => {
  const key = new Key(stack, 'Key');
  const role = new Role(stack, 'BaseRole', {
    assumedBy: new ServicePrincipal('bedrock.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': stack.account } },
    }),
  });
  const embedding = stack.formatArn({
    service: 'bedrock',
    account: '',
    resource: 'foundation-model',
    resourceName: 'amazon.titan-embed-text-v2:0',
  });
  role.addToPolicy(new PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: [embedding] }));
  const collection = store(stack, key, role);
  new CfnVectorBucket(stack, 'Vectors', { encryptionConfiguration: { sseType: 'aws:kms', kmsKeyArn: key.keyArn } });
  const base = new CfnKnowledgeBase(stack, 'Base', {
    name: 'docs',
    roleArn: role.roleArn,
    knowledgeBaseConfiguration: {
      type: 'VECTOR',
      vectorKnowledgeBaseConfiguration: { embeddingModelArn: embedding },
    },
    storageConfiguration: {
      type: 'OPENSEARCH_SERVERLESS',
      opensearchServerlessConfiguration: {
        collectionArn: collection.attrArn,
        vectorIndexName: 'docs',
        fieldMapping: { textField: 't', vectorField: 'v', metadataField: 'm' },
      },
    },
  });
  new CfnDeliverySource(stack, 'BaseLogs', {
    name: 'docs',
    logType: 'APPLICATION_LOGS',
    resourceArn: base.attrKnowledgeBaseArn,
  });

  const bucket = new Bucket(stack, 'Docs', { eventBridgeEnabled: true, versioned: true });
  new CfnDataSource(stack, 'Source', {
    name: 'docs',
    knowledgeBaseId: base.attrKnowledgeBaseId,
    dataSourceConfiguration: { type: 'S3', s3Configuration: { bucketArn: bucket.bucketArn } },
    serverSideEncryptionConfiguration: { kmsKeyArn: key.keyArn },
  });
  const queue = new Queue(stack, 'Changes', {
    deadLetterQueue: { queue: new Queue(stack, 'Dead'), maxReceiveCount: 5 },
  });
  new Rule(stack, 'Changed', {
    eventPattern: { source: ['aws.s3'], detail: { bucket: { name: [bucket.bucketName] } } },
    targets: [new SqsQueue(queue)],
  });
  const sync = fn(stack, 'Sync');
  sync.addEventSource(new SqsEventSource(queue));
  sync.addToRolePolicy(
    new PolicyStatement({ actions: ['bedrock:StartIngestionJob'], resources: [base.attrKnowledgeBaseArn] }),
  );

  const { version, versionArn, id } = guardrail(stack, key);
  const ask = fn(stack, 'Ask', { MODEL_ID: PROFILE, GUARDRAIL_ID: id, GUARDRAIL_VERSION: version.attrVersion });
  ask.addToRolePolicy(
    new PolicyStatement({
      actions: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
      resources: [
        stack.formatArn({ service: 'bedrock', resource: 'inference-profile', resourceName: PROFILE }),
        ...['eu-west-1', 'eu-central-1'].map((region) =>
          stack.formatArn({
            service: 'bedrock',
            region,
            account: '',
            resource: 'foundation-model',
            resourceName: MODEL,
          }),
        ),
      ],
      conditions: { StringEquals: { 'bedrock:GuardrailIdentifier': versionArn } },
    }),
  );
  const table = new Table(stack, 'Conversations', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    timeToLiveAttribute: 'expiresAt',
  });
  table.grantWriteData(ask);
  for (const metricName of ['InputTokenCount', 'OutputTokenCount', 'InvocationThrottles']) {
    new Alarm(stack, `Many${metricName}`, {
      metric: new Metric({ namespace: 'AWS/Bedrock', metricName, dimensionsMap: { ModelId: PROFILE } }),
      threshold: 1_000_000,
      evaluationPeriods: 1,
    });
  }
});
