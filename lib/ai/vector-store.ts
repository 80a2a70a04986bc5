import { Annotations } from 'aws-cdk-lib';
import type { CfnKnowledgeBase } from 'aws-cdk-lib/aws-bedrock';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct, IDependable } from 'constructs';
import { dollars } from '../facts/network-prices';
import type { StageSettings } from '../stage/stage';
import type { EmbeddingModel } from './embedding-model';
import {
  DEFAULT_GENERATION,
  type OpenSearchOptions,
  OpenSearchVectorStore,
  openSearchFloor,
} from './opensearch-vector-store';
import { S3VectorStore } from './s3-vector-store';

/** What a store is made for. */
export interface VectorStoreContext {
  readonly stage: StageSettings;
  readonly encryptionKey: IKey;
  readonly embedding: EmbeddingModel;
  /** The role of the knowledge base, which gets access to the store. */
  readonly role: IRole;
}

/** A store as a knowledge base needs it. */
export interface BoundVectorStore {
  readonly storageConfiguration: CfnKnowledgeBase.StorageConfigurationProperty;
  /** What must be there before the knowledge base, and go after it. */
  readonly dependables: readonly IDependable[];
  /** What cannot be changed without a new store, and so without a new knowledge base. */
  readonly identity: readonly unknown[];
}

/**
 * Where vectors are kept: a choice of cost first (rag-vector-store-cost). Vectors are a copy of the documents, so that a store goes
 * with its stack in every stage: what is kept is the documents.
 */
export abstract class VectorStore {
  /**
   * Amazon S3 Vectors: nothing is billed but what is kept and asked; it finds in a few hundred milliseconds. At most 100 passages,
   * 2 KB of metadata that filters look at, search by meaning alone.
   */
  static s3Vectors(): VectorStore {
    return new S3Vectors();
  }

  /**
   * Amazon OpenSearch Serverless: faster, and with search by words too. Its CLASSIC generation, the default, bills $175 to $350 a month
   * while idle; see {@link OpenSearchOptions.generation}.
   */
  static openSearchServerless(options: OpenSearchOptions = {}): VectorStore {
    return new OpenSearchServerless(options);
  }

  /** Its name, for people. */
  abstract readonly label: string;
  /**
   * US dollars a month with no one asking anything, at prices of us-east-1 (AWS: OpenSearch Service and S3 pricing, November 2026). Where
   * the stage decides on a standby, it is counted.
   */
  abstract readonly monthlyFloor: number;

  /** Makes the store, and says at synth what it costs. @internal */
  bind(scope: Construct, context: VectorStoreContext): BoundVectorStore {
    Annotations.of(scope).addInfoV2(
      'groundplan:rag-vector-store-cost',
      `The vector store, ${this.label}, costs ${dollars(this.floorIn(context.stage))} a month before anyone asks anything.`,
    );
    return this.create(scope, context);
  }

  /** The floor in a stage. */
  protected floorIn(_stage: StageSettings): number {
    return this.monthlyFloor;
  }

  protected abstract create(scope: Construct, context: VectorStoreContext): BoundVectorStore;
}

class S3Vectors extends VectorStore {
  readonly label = 'S3 Vectors';
  readonly monthlyFloor = 0;

  protected create(scope: Construct, context: VectorStoreContext): BoundVectorStore {
    return new S3VectorStore(scope, 'VectorStore', context).bound;
  }
}

class OpenSearchServerless extends VectorStore {
  readonly label: string;
  readonly monthlyFloor: number;

  constructor(private readonly options: OpenSearchOptions) {
    super();
    this.label = `OpenSearch Serverless, ${options.generation ?? DEFAULT_GENERATION}`;
    this.monthlyFloor = openSearchFloor(options);
  }

  protected override floorIn({ deletionProtection }: StageSettings): number {
    return openSearchFloor({ standbyReplicas: deletionProtection, ...this.options });
  }

  protected create(scope: Construct, context: VectorStoreContext): BoundVectorStore {
    return new OpenSearchVectorStore(scope, 'VectorStore', context, this.options).bound;
  }
}
