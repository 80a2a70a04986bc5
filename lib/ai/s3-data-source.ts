import { Aws, Stack, Token } from 'aws-cdk-lib';
import { CfnDataSource, type CfnKnowledgeBase } from 'aws-cdk-lib/aws-bedrock';
import { type IRole, Policy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { accountUniqueName } from '../naming/account-unique-name';
import { acknowledge, handles } from '../validation/explain';
import { inlinePolicyReasons } from '../validation/inline-policy-reasons';
import { nagResource } from '../validation/nag-resource';
import { refuse } from '../validation/refuse';
import type { Chunking } from './chunking';

/** What handlers need of a data source, of ours or yours. */
export interface IS3DataSource {
  readonly dataSourceId: string;
  readonly bucket: IBucket;
}

/** Props of {@link S3DataSource}. */
export interface S3DataSourceProps {
  readonly encryptionKey: IKey;
  readonly knowledgeBase: CfnKnowledgeBase;
  /** The role of the knowledge base. */
  readonly role: IRole;
  readonly bucket: IBucket;
  /** @default - the whole bucket */
  readonly prefix?: string;
  readonly chunking: Chunking;
}

/**
 * Documents of a bucket, which a knowledge base ingests. Another bucket, prefix or chunking is another data source: the old one and
 * its vectors go when everything has moved on, and every document is ingested again.
 */
export class S3DataSource extends Construct implements IS3DataSource {
  readonly dataSource: CfnDataSource;
  readonly dataSourceId: string;
  readonly bucket: IBucket;

  /** @throws RefusedValueError for a prefix or chunks that Bedrock would refuse. */
  constructor(scope: Construct, id: string, props: S3DataSourceProps) {
    super(scope, id);
    const { bucket, prefix, knowledgeBase, chunking, encryptionKey } = props;
    if (prefix !== undefined && !Token.isUnresolved(prefix) && (prefix.length < 1 || prefix.length > 300)) {
      refuse(this, {
        prop: 'prefix',
        value: `${prefix.length} characters`,
        allowed: '1 to 300 characters',
        fix: 'shorten it, or omit it to use the whole bucket',
        catalogueId: 'rag-knowledge-base',
      });
    }
    this.bucket = bucket;
    const chunkingConfiguration = chunking.bind(this);
    const access = this.letRead(props);
    this.dataSource = new CfnDataSource(this, 'Resource', {
      name: accountUniqueName(this, 'documents', [bucket.node.path, prefix, chunkingConfiguration]),
      knowledgeBaseId: knowledgeBase.attrKnowledgeBaseId,
      dataSourceConfiguration: {
        type: 'S3',
        s3Configuration: {
          bucketArn: bucket.bucketArn,
          bucketOwnerAccountId: Aws.ACCOUNT_ID,
          inclusionPrefixes: prefix === undefined ? undefined : [prefix],
        },
      },
      vectorIngestionConfiguration: { chunkingConfiguration },
      serverSideEncryptionConfiguration: { kmsKeyArn: encryptionKey.keyArn },
      // Its vectors go with it in every stage: they are a copy, and of a replaced one they would be found beside the new ones.
      dataDeletionPolicy: 'DELETE',
    });
    // Before the jobs that read; and until the vectors are deleted the knowledge base, its role and its store are there: without
    // them a data source stays behind in DELETE_UNSUCCESSFUL.
    this.dataSource.node.addDependency(access, knowledgeBase);
    this.dataSourceId = this.dataSource.attrDataSourceId;
    handles(this.dataSource, 'rag-knowledge-base', 'encrypt-everything-at-rest');
  }

  /** Apart from the role's own policy, so that the knowledge base does not wait for the bucket. */
  private letRead({ bucket, prefix = '', role, encryptionKey }: S3DataSourceProps): Policy {
    // AWS: Bedrock, create a service role for knowledge bases, permissions to access your data sources.
    const conditions = { StringEquals: { 'aws:ResourceAccount': Aws.ACCOUNT_ID } };
    const objects = bucket.arnForObjects(`${prefix}*`);
    const statements = [
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn], conditions }),
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [objects], conditions }),
    ];
    const key = bucket.encryptionKey;
    if (key !== undefined && key !== encryptionKey) {
      statements.push(new PolicyStatement({ actions: ['kms:Decrypt'], resources: [key.keyArn] }));
    }
    const policy = new Policy(this, 'Access', { roles: [role], statements });
    acknowledge(policy, {
      ...inlinePolicyReasons(),
      [`AwsSolutions::AwsSolutions-IAM5[Resource::${nagResource(Stack.of(this).resolve(objects))}]`]:
        'A knowledge base reads every document under its prefix, and those of tomorrow; it may read nothing else.',
    });
    return policy;
  }
}
