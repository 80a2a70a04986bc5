import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { DataKey, stages } from '../../../lib';
import { SiteBucket } from '../../../lib/edge/site-bucket';
import { SiteDeployment } from '../../../lib/edge/site-deployment';
import { resourcesOf, testApp } from '../../synthesize';
import { edgeStack, VIRGINIA } from './edge-fixture';

const template = () => Template.fromStack(edgeStack(testApp(), VIRGINIA).stack);

describe('the deployment of the site', () => {
  it('brings what is named by content for good, then the rest to be asked for anew', () => {
    const deployments = Object.entries(resourcesOf(template(), 'Custom::CDKBucketDeployment'));
    const of = (part: string) => deployments.find(([id]) => id.includes(part));
    expect(of('Assets')?.[1].Properties).toMatchObject({
      DestinationBucketKeyPrefix: 'assets',
      SystemMetadata: { 'cache-control': 'public,max-age=31536000,immutable' },
    });
    expect(of('Assets')?.[1].Properties).not.toHaveProperty('DistributionId');
    expect(of('Pages')?.[1].Properties).toMatchObject({
      SystemMetadata: { 'cache-control': 'no-cache' },
      DistributionPaths: ['/index.html', '/config.json'],
    });
    expect(of('Pages')?.[1]).toMatchObject({ DependsOn: expect.arrayContaining([of('Assets')?.[0]]) });
  });

  it('deletes nothing, and may not', () => {
    const all = template();
    for (const { Properties } of Object.values(resourcesOf(all, 'Custom::CDKBucketDeployment'))) {
      expect(Properties['Prune']).toBe(false);
      expect(Properties['RetainOnDelete'] ?? true).toBe(true);
    }
    const actions = Object.entries(resourcesOf(all, 'AWS::IAM::Policy'))
      .filter(([id]) => id.startsWith('Deployment') || id.startsWith('SiteCopier') || id.startsWith('CustomCDKBucket'))
      .flatMap(([, { Properties }]) => (Properties['PolicyDocument'] as { Statement: { Action: unknown }[] }).Statement)
      .flatMap(({ Action }) => Action)
      .sort();
    expect(actions).toEqual([
      'cloudfront:CreateInvalidation',
      'cloudfront:GetInvalidation',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:AbortMultipartUpload',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
    ]);
  });

  it('may invalidate its own distribution alone', () => {
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['cloudfront:CreateInvalidation', 'cloudfront:GetInvalidation'],
            Resource: { 'Fn::Join': ['', Match.arrayWith([{ Ref: Match.stringLikeRegexp('^EdgeDistribution') }])] },
          }),
        ]),
      },
    });
  });

  it('logs to a group of the stack', () => {
    template().hasResourceProperties('AWS::Lambda::Function', {
      Layers: Match.anyValue(),
      MemorySize: 512,
      LoggingConfig: { LogGroup: { Ref: Match.stringLikeRegexp('^SiteCopierLogs') } },
    });
  });

  it('refuses a folder that nobody built', () => {
    const folder = mkdtempSync(join(tmpdir(), 'groundplan-unbuilt-'));
    const { stack, distribution } = edgeStack(testApp(), VIRGINIA);
    const stage = stages.dev;
    const { key: encryptionKey } = new DataKey(stack, 'Other', { stage, description: 'Logs' });
    const site = new SiteBucket(stack, 'OtherSite', { stage, encryptionKey });
    const props = { stage, encryptionKey, config: {}, site, distribution: distribution.distribution };
    try {
      expect(() => new SiteDeployment(stack, 'Unbuilt', { ...props, folder })).toThrow(
        `Shop/Unbuilt: folder is '${folder}'; allowed: a built site with index.html and assets/; index.html is missing`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("the site's bucket", () => {
  it('is private, encrypted by S3, versioned and cleaned up', () => {
    const stack = new Stack(testApp(), 'Shop');
    const stage = stages.prod;
    const { key: encryptionKey } = new DataKey(stack, 'Key', { stage, description: 'Logs' });
    new SiteBucket(stack, 'Site', { stage, encryptionKey });
    Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: { BlockPublicPolicy: true, RestrictPublicBuckets: true },
    });
  });
});
