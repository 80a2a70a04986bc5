import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnIndex, CfnVectorBucket } from 'aws-cdk-lib/aws-s3vectors';
import { Construct } from 'constructs';
import { letUseKey } from '../security/key-policy';
import { handles } from '../validation/explain';
import { storeAccess } from './store-access';
import type { BoundVectorStore, VectorStoreContext } from './vector-store';

/**
 * Keys that Bedrock writes a chunk's text and its own notes under. Filters look at 2 KB of a vector's metadata at most, and a
 * chunk is longer; what filters do not look at may take 40 KB (AWS: S3 Vectors, limitations and restrictions).
 */
const NOT_FILTERED = ['AMAZON_BEDROCK_TEXT', 'AMAZON_BEDROCK_METADATA'];

/** Vectors in S3: a vector bucket with one index. CloudFormation names both, so that either can be replaced. */
export class S3VectorStore extends Construct {
  readonly vectorBucket: CfnVectorBucket;
  readonly index: CfnIndex;
  /** @internal */
  readonly bound: BoundVectorStore;

  constructor(scope: Construct, id: string, { encryptionKey, embedding, role }: VectorStoreContext) {
    super(scope, id);
    this.letIndexing(encryptionKey);
    this.vectorBucket = new CfnVectorBucket(this, 'Bucket', {
      encryptionConfiguration: { sseType: 'aws:kms', kmsKeyArn: encryptionKey.keyArn },
    });
    this.vectorBucket.applyRemovalPolicy(RemovalPolicy.DESTROY);
    this.index = new CfnIndex(this, 'Index', {
      vectorBucketArn: this.vectorBucket.attrVectorBucketArn,
      dataType: 'float32',
      dimension: embedding.dimensions,
      distanceMetric: 'cosine',
      metadataConfiguration: { nonFilterableMetadataKeys: NOT_FILTERED },
      encryptionConfiguration: { sseType: 'aws:kms', kmsKeyArn: encryptionKey.keyArn },
    });
    this.index.applyRemovalPolicy(RemovalPolicy.DESTROY);
    const indexArn = this.index.attrIndexArn;
    // Another key is another bucket and another index (AWS: CloudFormation, AWS::S3Vectors::VectorBucket).
    const identity = ['S3_VECTORS', embedding.dimensions, encryptionKey.node.path];
    const access = storeAccess(
      this,
      role,
      identity,
      new PolicyStatement({
        // AWS: Bedrock, create a service role for knowledge bases, S3 Vectors.
        actions: [
          's3vectors:DeleteVectors',
          's3vectors:GetIndex',
          's3vectors:GetVectors',
          's3vectors:PutVectors',
          's3vectors:QueryVectors',
        ],
        resources: [indexArn],
      }),
    );
    this.bound = {
      storageConfiguration: { type: 'S3_VECTORS', s3VectorsConfiguration: { indexArn } },
      dependables: [this.vectorBucket, this.index, access],
      identity,
    };
    handles(this.vectorBucket, 'encrypt-everything-at-rest', 'rag-vector-store-cost');
    handles(this.index, 'encrypt-everything-at-rest', 'rag-knowledge-base');
  }

  /**
   * S3 Vectors looks after its indexes by a service of its own, which must read them: without it an index is refused, "insufficient
   * access to perform asynchronous indexing" (AWS: S3 Vectors, data protection and encryption).
   */
  private letIndexing(key: IKey): void {
    const indexing = new PolicyStatement({
      sid: 'IndexVectors',
      principals: [new ServicePrincipal('indexing.s3vectors.amazonaws.com')],
      actions: ['kms:Decrypt'],
      resources: ['*'],
      conditions: {
        StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
        ArnLike: {
          'aws:SourceArn': Stack.of(this).formatArn({ service: 's3vectors', resource: 'bucket', resourceName: '*' }),
        },
        'ForAnyValue:StringEquals': {
          'kms:EncryptionContextKeys': ['aws:s3vectors:arn', 'aws:s3vectors:resource-id'],
        },
      },
    });
    letUseKey(this, key, [indexing], 'creating the vector index fails');
  }
}
