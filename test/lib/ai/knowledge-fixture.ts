import { type Environment, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { DataKey, type StageName, stages } from '../../../lib';
import type { Chunking } from '../../../lib/ai/chunking';
import type { EmbeddingModel } from '../../../lib/ai/embedding-model';
import { KnowledgeBase } from '../../../lib/ai/knowledge-base';
import { VectorStore } from '../../../lib/ai/vector-store';
import { type TemplateResource, testApp } from '../../synthesize';

/** Where the stands are. */
export const IRELAND = { account: '111111111111', region: 'eu-west-1' };

/** A stack with a key, and a role of somebody. */
export function emptyFixture(stage: StageName = 'dev', env: Environment | undefined = IRELAND) {
  const stack = new Stack(testApp(), 'Rag', { env });
  const settings = stages[stage];
  const { key } = new DataKey(stack, 'Key', { stage: settings, description: 'Documents' });
  const role = new Role(stack, 'Caller', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  return { stack, stage: settings, key, role };
}

/** A knowledge base with a bucket's documents. */
export function knowledgeFixture(
  options: {
    readonly stage?: StageName;
    readonly store?: VectorStore;
    readonly embedding?: EmbeddingModel;
    readonly chunking?: Chunking;
    readonly prefix?: string;
    readonly env?: Environment;
  } = {},
) {
  const { stack, stage, key, role } = emptyFixture(options.stage, options.env);
  const bucket = new Bucket(stack, 'Documents', { encryptionKey: key });
  const knowledgeBase = new KnowledgeBase(stack, 'Knowledge', {
    stage,
    encryptionKey: key,
    vectorStore: options.store ?? VectorStore.s3Vectors(),
    embedding: options.embedding,
  });
  const source = knowledgeBase.addS3DataSource('Documents', {
    bucket,
    prefix: options.prefix ?? 'documents/',
    chunking: options.chunking,
  });
  return { stack, key, bucket, role, knowledgeBase, source, synthesize: () => Template.fromStack(stack) };
}

/** The one resource of a type. */
export function only(template: Template, type: string): TemplateResource & { readonly logicalId: string } {
  const found = Object.entries((template.toJSON() as { Resources: Record<string, TemplateResource> }).Resources).filter(
    ([, resource]) => resource.Type === type,
  );
  const [first] = found;
  if (first === undefined || found.length > 1) throw new Error(`${found.length} resources of ${type}`);
  return { ...first[1], logicalId: first[0] };
}

/** Statements of all policies of a template that allow an action. */
export function statementsFor(template: Template, action: string): readonly Record<string, unknown>[] {
  const policies = Object.values(
    (template.toJSON() as { Resources: Record<string, TemplateResource> }).Resources,
  ).filter(({ Type }) => Type === 'AWS::IAM::Policy');
  return policies
    .flatMap(
      ({ Properties }) => (Properties['PolicyDocument'] as { Statement: readonly Record<string, unknown>[] }).Statement,
    )
    .filter(({ Action }) => [Action].flat().includes(action));
}

/** An intrinsic function as text: references in angle brackets. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  const {
    Ref,
    'Fn::GetAtt': att,
    'Fn::Join': join,
    'Fn::Sub': sub,
    'Fn::Select': select,
  } = value as Record<string, unknown>;
  if (typeof Ref === 'string') return `<${Ref}>`;
  if (Array.isArray(att)) return `<${att.join('.')}>`;
  if (typeof sub === 'string') return sub;
  if (select !== undefined) return '<part>';
  if (Array.isArray(join)) return (join[1] as unknown[]).map(text).join(String(join[0]));
  return JSON.stringify(value);
}
