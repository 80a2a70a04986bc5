import { Aws, Stack, Token } from 'aws-cdk-lib';
import { CfnKnowledgeBase } from 'aws-cdk-lib/aws-bedrock';
import { Grant, type IGrantable, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { accountUniqueName } from '../naming/account-unique-name';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';
import { inlinePolicyReasons } from '../validation/inline-policy-reasons';
import { refuse, warn } from '../validation/refuse';
import { Chunking } from './chunking';
import { EmbeddingModel } from './embedding-model';
import { IngestionLogs } from './ingestion-logs';
import { type IS3DataSource, S3DataSource } from './s3-data-source';
import type { BoundVectorStore, VectorStore } from './vector-store';

/** A knowledge base, of ours or yours. */
export interface IKnowledgeBase {
  readonly knowledgeBaseId: string;
  readonly knowledgeBaseArn: string;
  /** Lets a principal ask it for passages. */
  grantRetrieve(grantee: IGrantable): Grant;
  /** Lets a principal start its ingestion jobs, and look at them and at what became of each document. */
  grantSync(grantee: IGrantable): Grant;
}

/** A knowledge base that is there. */
export interface ExistingKnowledgeBase {
  /** Its id, not its ARN. */
  readonly knowledgeBaseId: string;
  /** Its data source of type S3. */
  readonly dataSourceId: string;
  /** The bucket of that data source. Imported, it says which key it is encrypted with (`encryptionKey`), so that handlers may use it. */
  readonly bucket: IBucket;
}

/** Props of {@link KnowledgeBase}. */
export interface KnowledgeBaseProps {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly vectorStore: VectorStore;
  /** @default EmbeddingModel.titanTextV2() */
  readonly embedding?: EmbeddingModel;
}

/** Documents of a bucket. */
export interface S3DataSourceOptions {
  readonly bucket: IBucket;
  /** Keys that begin so, and no others: 1 to 300 characters. @default - the whole bucket */
  readonly prefix?: string;
  /** @default Chunking.fixedSize() */
  readonly chunking?: Chunking;
}

const RETRIEVE = ['bedrock:Retrieve'];
/** A data source has no ARN of its own: its jobs are allowed on the knowledge base (AWS: Service Authorization Reference, Bedrock). */
const SYNC = ['bedrock:GetIngestionJob', 'bedrock:GetKnowledgeBaseDocuments', 'bedrock:StartIngestionJob'];

/**
 * Takes documents in, and finds the passages that answer a question. It works as a role of its own, which asks one embedding model
 * and reaches one store. Another embedding model, or another store, is another knowledge base, which stands beside the old one until
 * everything has moved on, and ingests every document again.
 */
export class KnowledgeBase extends Construct implements IKnowledgeBase {
  /**
   * Your own knowledge base, with its data source. You configure its store, role and chunking yourself. It makes no construct, so
   * it takes no id.
   *
   * @throws RefusedValueError for an id that is none
   */
  static fromKnowledgeBaseAttributes(
    scope: Construct,
    { knowledgeBaseId, dataSourceId, bucket }: ExistingKnowledgeBase,
  ): { readonly knowledgeBase: IKnowledgeBase; readonly dataSource: IS3DataSource } {
    for (const [prop, id] of Object.entries({ knowledgeBaseId, dataSourceId })) {
      if (Token.isUnresolved(id) || /^[0-9A-Za-z]{10}$/.test(id)) continue;
      refuse(scope, {
        prop,
        value: id,
        allowed: 'an id: ten letters and digits',
        fix: 'pass its id instead of its ARN or name',
        catalogueId: 'rag-knowledge-base',
      });
    }
    const knowledgeBaseArn = arnOf(scope, knowledgeBaseId);
    return {
      knowledgeBase: {
        knowledgeBaseId,
        knowledgeBaseArn,
        grantRetrieve: (grantee) => grant(grantee, RETRIEVE, knowledgeBaseArn),
        grantSync: (grantee) => grant(grantee, SYNC, knowledgeBaseArn),
      },
      dataSource: { dataSourceId, bucket },
    };
  }

  readonly knowledgeBase: CfnKnowledgeBase;
  readonly knowledgeBaseId: string;
  readonly knowledgeBaseArn: string;
  /** The role of the knowledge base. */
  readonly role: Role;
  readonly embedding: EmbeddingModel;
  /** What became of each document of each ingestion. */
  readonly logs: IngestionLogs;
  private readonly store: BoundVectorStore;

  /** @throws RefusedValueError for an embedding model or a store that cannot work. */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: KnowledgeBaseProps,
  ) {
    super(scope, id);
    const { stage, encryptionKey, vectorStore, embedding = EmbeddingModel.titanTextV2() } = props;
    embedding.check(this);
    this.embedding = embedding;
    this.role = this.createRole();
    this.store = vectorStore.bind(this, { stage, encryptionKey, embedding, role: this.role });
    const identity = [embedding.modelId, embedding.dimensions, this.store.identity];
    this.knowledgeBase = new CfnKnowledgeBase(this, 'Resource', {
      name: accountUniqueName(this, 'knowledge', identity),
      roleArn: this.role.roleArn,
      knowledgeBaseConfiguration: { type: 'VECTOR', vectorKnowledgeBaseConfiguration: embedding.configuration(this) },
      storageConfiguration: this.store.storageConfiguration,
    });
    // Bedrock tries the model and the store with the role when it makes a knowledge base, and when it deletes a data source.
    this.knowledgeBase.node.addDependency(this.role, ...this.store.dependables);
    this.knowledgeBaseId = this.knowledgeBase.attrKnowledgeBaseId;
    this.knowledgeBaseArn = this.knowledgeBase.attrKnowledgeBaseArn;
    this.logs = new IngestionLogs(this, 'Logs', {
      stage,
      encryptionKey,
      knowledgeBaseArn: this.knowledgeBaseArn,
      identity,
    });
    handles(this.knowledgeBase, 'rag-knowledge-base', 'rag-vector-store-cost', 'logs-everywhere', 'iam-no-wildcards');
  }

  /**
   * Lets it ingest documents of a bucket.
   *
   * @throws RefusedValueError for a prefix that Bedrock would refuse, or chunks that the store cannot hold
   */
  addS3DataSource(id: string, { bucket, prefix, chunking = Chunking.fixedSize() }: S3DataSourceOptions): S3DataSource {
    const { encryptionKey } = this.props;
    this.checkChunks(chunking);
    const { knowledgeBase, role } = this;
    return new S3DataSource(this, id, { encryptionKey, knowledgeBase, role, bucket, prefix, chunking });
  }

  grantRetrieve(grantee: IGrantable): Grant {
    return grant(grantee, RETRIEVE, this.knowledgeBaseArn);
  }

  grantSync(grantee: IGrantable): Grant {
    return grant(grantee, SYNC, this.knowledgeBaseArn);
  }

  private createRole(): Role {
    const { encryptionKey, embedding = EmbeddingModel.titanTextV2() } = this.props;
    const role = new Role(this, 'Role', {
      // For knowledge bases of this account alone (AWS: Bedrock, create a service role for knowledge bases, trust relationship).
      assumedBy: new ServicePrincipal('bedrock.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': arnOf(this, '*') },
        },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: [embedding.arn(this)] }));
    // Ingested data is stored encrypted for a while, and so do vectors in S3 (AWS: Bedrock, encryption of knowledge base resources).
    role.addToPolicy(
      new PolicyStatement({ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], resources: [encryptionKey.keyArn] }),
    );
    const policy = role.node.tryFindChild('DefaultPolicy');
    if (policy !== undefined) acknowledge(policy, inlinePolicyReasons());
    return role;
  }

  private checkChunks(chunking: Chunking): void {
    if (this.store.storageConfiguration.type !== 'S3_VECTORS' || chunking.strategy !== 'HIERARCHICAL') return;
    // A child's vector has its parent's text beside it, and 40 KB is all that fits (AWS: Bedrock, how content chunking works).
    if (chunking.tokens !== undefined && chunking.tokens > 8000) {
      refuse(this, {
        prop: 'chunking',
        value: `${chunking.tokens} tokens in parent and child`,
        allowed: 'at most 8000 in total with S3 Vectors, whose metadata is limited to 40 KB',
        fix: 'make the parent chunks smaller, or use OpenSearch Serverless',
        catalogueId: 'rag-knowledge-base',
      });
    }
    warn(
      this,
      'rag-knowledge-base',
      'AWS does not recommend hierarchical chunks with S3 Vectors: long chunks exceed the metadata limit of a vector and cannot be ingested.',
    );
  }
}

function grant(grantee: IGrantable, actions: readonly string[], knowledgeBaseArn: string): Grant {
  return Grant.addToPrincipal({ grantee, actions: [...actions], resourceArns: [knowledgeBaseArn] });
}

function arnOf(scope: Construct, resourceName: string): string {
  return Stack.of(scope).formatArn({ service: 'bedrock', resource: 'knowledge-base', resourceName });
}
