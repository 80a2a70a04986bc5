import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import {
  BucketDeployment,
  type BucketDeploymentProps,
  CacheControl,
  type ISource,
  Source,
} from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { inlinePolicyReasons } from '../validation/inline-policy-reasons';
import { nagResource } from '../validation/nag-resource';
import { refuse } from '../validation/refuse';
import { CopyingFunction } from './copying-function';
import type { SiteBucket } from './site-bucket';

/** Props of {@link SiteDeployment}. */
export interface SiteDeploymentProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  /** The built site: `index.html`, and files with a hash in their names under `assets/`. */
  readonly folder: string;
  /** What only the deployment knows; becomes `/config.json`. Public. Values may be tokens. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly site: SiteBucket;
  readonly distribution: Distribution;
}

/** Where Vite puts what it names by content. */
const ASSETS = 'assets';
/** MiB. The AWS CLI that copies the files takes most of it; more would make a small site no faster. */
const MEMORY_LIMIT = 512;

/**
 * Brings a built site into its bucket: first the files that are named by their content, for good; then the page that names them,
 * to be asked for anew each time (cloudfront-versioned-assets). Nothing is deleted: a browser that still shows yesterday's page
 * finds yesterday's files. Only what keeps its name is invalidated (cloudfront-invalidation-minimal).
 */
export class SiteDeployment extends Construct {
  /** Where the CDK keeps the files until they are copied. */
  private readonly stagingBuckets = new Map<string, IBucket>();

  /** @throws RefusedValueError for a folder without a page or without assets. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: SiteDeploymentProps,
  ) {
    super(scope, id);
    const { folder, config, distribution } = props;
    this.refuseUnbuilt(folder);
    const copier = CopyingFunction.of(this, props);
    const assets = this.deploy('Assets', copier, {
      sources: [Source.asset(join(folder, ASSETS))],
      destinationKeyPrefix: ASSETS,
      cacheControl: [CacheControl.fromString('public,max-age=31536000,immutable')],
    });
    const pages = this.deploy('Pages', copier, {
      sources: [Source.asset(folder, { exclude: [ASSETS, 'config.json'] }), Source.jsonData('config.json', config)],
      cacheControl: [CacheControl.noCache()],
      distribution,
      distributionPaths: ['/index.html', '/config.json'],
    });
    pages.node.addDependency(assets);
    const policy = this.allow(copier);
    assets.node.addDependency(policy);
    copier.acknowledgeFindings();
  }

  private deploy(
    id: string,
    { closedRole: role, logGroup }: CopyingFunction,
    props: Omit<BucketDeploymentProps, 'destinationBucket'>,
  ): BucketDeployment {
    const deployment = new BucketDeployment(this, id, {
      ...props,
      sources: props.sources.map((source) => this.noting(source)),
      destinationBucket: this.props.site.bucket,
      prune: false,
      memoryLimit: MEMORY_LIMIT,
      role,
      logGroup,
    });
    const resource = deployment.node.children.find(({ node }) => node.id.startsWith('CustomResource'));
    if (resource !== undefined) handles(resource, 'cloudfront-versioned-assets', 'cloudfront-invalidation-minimal');
    return deployment;
  }

  /** A source that also says where it lies. */
  private noting(source: ISource): ISource {
    return {
      bind: (scope, context) => {
        const config = source.bind(scope, context);
        this.stagingBuckets.set(config.bucket.bucketName, config.bucket);
        return config;
      },
    };
  }

  /** Exactly what the function calls: it reads archives, compares and writes files, and invalidates. */
  private allow({ role }: CopyingFunction): Policy {
    const { site, distribution } = this.props;
    const archives = [...this.stagingBuckets.values()].map((bucket) => bucket.arnForObjects('*'));
    const files = site.bucket.arnForObjects('*');
    const statement = (actions: string[], resources: string[]) => new PolicyStatement({ actions, resources });
    const policy = new Policy(this, 'Policy', {
      roles: [role],
      statements: [
        statement(['s3:GetObject'], archives),
        statement(['s3:ListBucket'], [site.bucket.bucketArn]),
        statement(['s3:AbortMultipartUpload', 's3:PutObject'], [files]),
        statement(['cloudfront:CreateInvalidation', 'cloudfront:GetInvalidation'], [distribution.distributionArn]),
      ],
    });
    const finding = (arn: string) =>
      `AwsSolutions::AwsSolutions-IAM5[Resource::${nagResource(Stack.of(this).resolve(arn))}]`;
    const everyArchive =
      'Each deployment has another archive; the policy of one archive would not reach Lambda before its deployment does, nor fit a rollback to the archive before it.';
    acknowledge(policy, {
      ...inlinePolicyReasons(),
      ...Object.fromEntries(archives.map((arn) => [finding(arn), everyArchive])),
      [finding(files)]: 'The bucket holds the site and nothing else, so its objects are what the deployment writes.',
    });
    return policy;
  }

  private refuseUnbuilt(folder: string): void {
    const missing = ['index.html', ASSETS].find((part) => !existsSync(join(folder, part)));
    if (missing === undefined) return;
    refuse(this, {
      prop: 'folder',
      value: folder,
      allowed: `a built site with index.html and ${ASSETS}/; ${missing} is missing`,
      fix: 'build the site first; with Vite that is `vite build`',
      catalogueId: 'cloudfront-versioned-assets',
    });
  }
}
