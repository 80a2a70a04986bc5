import { DefaultStackSynthesizer, Fn, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  CfnAccessPolicy,
  CfnCollection,
  CfnCollectionGroup,
  CfnIndex,
  CfnSecurityPolicy,
} from 'aws-cdk-lib/aws-opensearchserverless';
import { Construct } from 'constructs';
import { dollars, NetworkPrices } from '../facts/network-prices';
import { accountUniqueName } from '../naming/account-unique-name';
import { acknowledge, handles } from '../validation/explain';
import { refuse, warn } from '../validation/refuse';
import { storeAccess } from './store-access';
import type { BoundVectorStore, VectorStoreContext } from './vector-store';

/** Settings of an OpenSearch Serverless store. */
export interface OpenSearchOptions {
  /**
   * `CLASSIC` bills a unit or two all the time: $175 a month, or $350 with a standby. `NEXTGEN` scales to nothing after ten minutes
   * without a request, and takes 10 to 30 seconds to wake up (AWS: OpenSearch Serverless, scale to zero). It causes a warning: in
   * the one public report of it under a knowledge base, ingestion worked and `Retrieve` answered 403. @default 'CLASSIC'
   */
  readonly generation?: 'NEXTGEN' | 'CLASSIC';
  /**
   * OpenSearch compute units that indexing, and that searching, may grow to, each at $0.24 an hour: 2, 4, 8, or a multiple of 16
   * (AWS: OpenSearch Serverless, collection groups). @default 4
   */
  readonly maxCapacity?: number;
  /**
   * Units that are always there to search, so that no one waits for them to wake up: 0, 2, 4, 8, or a multiple of 16. Two are $350 a
   * month. Indexing always begins from nothing: no one waits for it. Only with NEXTGEN. @default 0
   */
  readonly minCapacity?: number;
  /** A copy in another zone. NEXTGEN always has one. @default - in CLASSIC where the stage protects data */
  readonly standbyReplicas?: boolean;
  /**
   * Ids of VPC endpoints that may reach the collection besides Bedrock: for NEXTGEN interface endpoints of the service
   * `com.amazonaws.<region>.aoss-data`, for CLASSIC `AWS::OpenSearchServerless::VpcEndpoint`. @default - none
   */
  readonly vpcEndpointIds?: readonly string[];
  /**
   * ARN of the role that CloudFormation works as, which makes the index: it needs `aoss:CreateIndex`, `GetIndex`, `UpdateIndex`,
   * `DeleteIndex` and `APIAccessAll`. @default - the execution role of the CDK's bootstrap
   */
  readonly deploymentRoleArn?: string;
}

/** US dollars for an OpenSearch compute unit and hour, in us-east-1 (AWS: Amazon OpenSearch Service pricing, as of November 2026). */
const UNIT_HOUR = 0.24;
/** Why the rule on the floor is not heeded. */
const CHOSEN =
  'The store was chosen by name, instead of S3 Vectors; synth says what it costs a month, and its capacity is bounded.';
/** Names of the fields, of which Bedrock is told. */
const FIELDS = { vectorField: 'vector', textField: 'text', metadataField: 'metadata' } as const;

/** The generation where nothing is said. @internal */
export const DEFAULT_GENERATION = 'CLASSIC';

const hasStandby = (
  { generation = DEFAULT_GENERATION, standbyReplicas }: OpenSearchOptions,
  protectedStage: boolean,
): boolean => generation === 'NEXTGEN' || (standbyReplicas ?? protectedStage);

/** US dollars a month that it costs with no one asking anything. CLASSIC counts with a standby where nothing is said. @internal */
export function openSearchFloor(options: OpenSearchOptions): number {
  const { generation = DEFAULT_GENERATION, minCapacity = 0 } = options;
  // CLASSIC: half a unit to index and half to search, and the same again for the standby (AWS: OpenSearch Serverless, scaling).
  const units = generation === 'NEXTGEN' ? minCapacity : hasStandby(options, true) ? 2 : 1;
  return units * UNIT_HOUR * NetworkPrices.hoursPerMonth;
}

/**
 * Vectors in a collection of OpenSearch Serverless that Bedrock alone can reach, in a collection group whose capacity is bounded.
 * What must be before what: policies, group, collection, index, knowledge base; and the other way round when it all goes.
 */
export class OpenSearchVectorStore extends Construct {
  readonly collectionGroup: CfnCollectionGroup;
  readonly collection: CfnCollection;
  readonly index: CfnIndex;
  /** Who may do what with the index: the knowledge base and whoever makes it, by role. */
  readonly dataPolicy: CfnAccessPolicy;
  /** @internal */
  readonly bound: BoundVectorStore;

  /** @throws RefusedValueError for a capacity that OpenSearch would refuse, or a stack whose deploying role is not known. */
  constructor(
    scope: Construct,
    id: string,
    private readonly context: VectorStoreContext,
    private readonly options: OpenSearchOptions,
  ) {
    super(scope, id);
    const { embedding, role } = context;
    const { generation = DEFAULT_GENERATION } = options;
    this.checkCapacity(generation);
    const isDoubled = hasStandby(options, context.stage.deletionProtection);
    this.warnOf(generation, openSearchFloor({ ...options, standbyReplicas: isDoubled }));
    const standbyReplicas = isDoubled ? 'ENABLED' : 'DISABLED';
    // Another generation, key or standby is another collection, which stands beside the old one for a while.
    const identity = ['OPENSEARCH_SERVERLESS', generation, standbyReplicas, context.encryptionKey.node.path];
    const name = accountUniqueName(this, 'vectors', identity);

    const encryption = this.encryptionPolicy(name);
    const network = this.networkPolicy(name);
    this.dataPolicy = this.createDataPolicy(name);
    this.collectionGroup = this.createGroup(name, generation, standbyReplicas);
    this.collection = new CfnCollection(this, 'Collection', {
      name,
      type: 'VECTORSEARCH',
      collectionGroupName: name,
      standbyReplicas,
    });
    this.collection.applyRemovalPolicy(RemovalPolicy.DESTROY);
    // They know each other by name alone. A collection without an encryption policy is refused; one without a network policy is
    // open to no one; and the data policy has the time that a collection takes to be known everywhere when the index is made.
    for (const policy of [encryption, network, this.dataPolicy, this.collectionGroup]) {
      this.collection.node.addDependency(policy);
    }
    const indexName = `chunks-${embedding.dimensions}`;
    this.index = this.createIndex(indexName, generation);
    this.index.node.addDependency(this.collection);
    this.index.node.addDependency(this.dataPolicy);
    const access = storeAccess(
      this,
      role,
      identity,
      new PolicyStatement({ actions: ['aoss:APIAccessAll'], resources: [this.collection.attrArn] }),
    );
    this.bound = {
      storageConfiguration: {
        type: 'OPENSEARCH_SERVERLESS',
        opensearchServerlessConfiguration: {
          collectionArn: this.collection.attrArn,
          vectorIndexName: indexName,
          fieldMapping: FIELDS,
        },
      },
      dependables: [encryption, network, this.dataPolicy, this.collectionGroup, this.collection, this.index, access],
      identity: [...identity, embedding.dimensions],
    };
    handles(this.collection, 'rag-knowledge-base', 'rag-vector-store-private', 'encrypt-everything-at-rest');
    if (generation === 'CLASSIC') {
      for (const part of [this.collectionGroup, this.collection]) {
        acknowledge(part, { 'Groundplan::Groundplan-rag-vector-store-cost': CHOSEN });
      }
    }
  }

  /** Says what is known of a generation before anything is deployed. */
  private warnOf(generation: 'NEXTGEN' | 'CLASSIC', floor: number): void {
    if (generation === 'CLASSIC') {
      warn(
        this,
        'rag-vector-store-cost',
        `A collection of the CLASSIC generation bills its capacity units by the hour even when idle: ${dollars(floor)} a month. S3 Vectors costs nothing while idle.`,
      );
      return;
    }
    // dev.classmethod.jp, "bedrock-kb-nextgen-retrieve-issue": ingestion jobs succeed, and Retrieve answers 403.
    warn(
      this,
      'rag-knowledge-base',
      'No one has confirmed that a knowledge base answers from a collection of the NEXTGEN generation: in one public report ingestion works and Retrieve returns 403. After ten idle minutes the first question waits 10 to 30 seconds. Ask a question after the first deployment, or use S3 Vectors or the CLASSIC generation.',
    );
  }

  private checkCapacity(generation: 'NEXTGEN' | 'CLASSIC'): void {
    const { maxCapacity = 4, minCapacity = 0 } = this.options;
    const isStep = (units: number): boolean => [2, 4, 8].includes(units) || (units >= 16 && units % 16 === 0);
    const fix = 'choose one of them: OpenSearch Serverless refuses what is between';
    const catalogueId = 'rag-vector-store-cost';
    if (!isStep(maxCapacity)) {
      refuse(this, {
        prop: 'maxCapacity',
        value: maxCapacity,
        allowed: '2, 4, 8, 16 or a multiple of 16',
        fix,
        catalogueId,
      });
    }
    if (minCapacity !== 0 && (!isStep(minCapacity) || minCapacity > maxCapacity)) {
      const allowed = `0, 2, 4, 8, 16 or a multiple of 16, at most maxCapacity (${maxCapacity})`;
      refuse(this, { prop: 'minCapacity', value: minCapacity, allowed, fix, catalogueId });
    }
    if (generation === 'CLASSIC' && minCapacity !== 0) {
      refuse(this, {
        prop: 'minCapacity',
        value: minCapacity,
        allowed: '0 with CLASSIC, which always runs its capacity units',
        fix: 'omit it, or use NEXTGEN',
        catalogueId,
      });
    }
    if (generation === 'NEXTGEN' && this.options.standbyReplicas === false) {
      refuse(this, {
        prop: 'standbyReplicas',
        value: false,
        allowed: 'true or undefined with NEXTGEN',
        fix: 'omit it: AWS rejects a NEXTGEN group without a standby, and an idle group costs nothing',
        catalogueId,
      });
    }
  }

  private encryptionPolicy(name: string): CfnSecurityPolicy {
    const policy = new CfnSecurityPolicy(this, 'Encryption', {
      name,
      type: 'encryption',
      policy: this.json({
        Rules: [{ ResourceType: 'collection', Resource: [`collection/${name}`] }],
        AWSOwnedKey: false,
        KmsARN: this.context.encryptionKey.keyArn,
      }),
    });
    handles(policy, 'encrypt-everything-at-rest');
    return policy;
  }

  private networkPolicy(name: string): CfnSecurityPolicy {
    const { vpcEndpointIds = [] } = this.options;
    const policy = new CfnSecurityPolicy(this, 'Network', {
      name,
      type: 'network',
      policy: this.json([
        {
          Rules: [{ ResourceType: 'collection', Resource: [`collection/${name}`] }],
          AllowFromPublic: false,
          // Bedrock searches. OpenSearch Serverless itself makes the index when CloudFormation asks its API to: "to allow service
          // APIs to access private collections" (AWS: OpenSearch Serverless, automatic semantic enrichment, network access).
          SourceServices: ['bedrock.amazonaws.com', 'aoss.amazonaws.com'],
          ...(vpcEndpointIds.length > 0 && { SourceVPCEs: [...vpcEndpointIds] }),
        },
      ]),
    });
    handles(policy, 'rag-vector-store-private');
    return policy;
  }

  private createDataPolicy(name: string): CfnAccessPolicy {
    const index = { ResourceType: 'index', Resource: [`index/${name}/*`] };
    const policy = new CfnAccessPolicy(this, 'Data', {
      name,
      type: 'data',
      policy: this.json([
        {
          // AWS: Bedrock, set up data access policies for your knowledge base.
          Rules: [{ ...index, Permission: ['aoss:DescribeIndex', 'aoss:ReadDocument', 'aoss:WriteDocument'] }],
          Principal: [this.context.role.roleArn],
        },
        {
          // CloudFormation makes the index as the role that it deploys with. It reads no document.
          Rules: [
            {
              ...index,
              Permission: ['aoss:CreateIndex', 'aoss:DescribeIndex', 'aoss:UpdateIndex', 'aoss:DeleteIndex'],
            },
            {
              ResourceType: 'collection',
              Resource: [`collection/${name}`],
              Permission: ['aoss:CreateCollectionItems', 'aoss:DescribeCollectionItems'],
            },
          ],
          Principal: [this.deploymentRole()],
        },
      ]),
    });
    handles(policy, 'rag-vector-store-private', 'iam-no-wildcards');
    return policy;
  }

  private createGroup(name: string, generation: string, standbyReplicas: string): CfnCollectionGroup {
    const { maxCapacity = 4, minCapacity = 0 } = this.options;
    const group = new CfnCollectionGroup(this, 'Group', {
      name,
      generation,
      standbyReplicas,
      capacityLimits: {
        maxIndexingCapacityInOcu: maxCapacity,
        maxSearchCapacityInOcu: maxCapacity,
        ...(generation === 'NEXTGEN' && { minIndexingCapacityInOcu: 0, minSearchCapacityInOcu: minCapacity }),
      },
    });
    handles(group, 'rag-vector-store-cost');
    return group;
  }

  private createIndex(indexName: string, generation: string): CfnIndex {
    const { dimensions: dimension } = this.context.embedding;
    // NEXTGEN is Faiss and HNSW always, and refuses to be told: "field parameter 'engine' is not supported".
    const method =
      generation === 'CLASSIC'
        ? { method: { name: 'hnsw', engine: 'faiss', spaceType: 'l2', parameters: { m: 16, efConstruction: 512 } } }
        : {};
    // Not `Index`, as in S3 Vectors: CloudFormation refuses another type by the same logical id, and so another store.
    const index = new CfnIndex(this, 'VectorIndex', {
      collectionEndpoint: this.collection.attrCollectionEndpoint,
      indexName,
      settings: { index: { knn: true } },
      mappings: {
        // What filters look at, such as the tenant, is mapped by the first document that has it: as text with a field `keyword`,
        // which Bedrock's filters ask for. Mapped here as keyword alone, they would find nothing.
        properties: {
          [FIELDS.vectorField]: { type: 'knn_vector', dimension, ...method },
          [FIELDS.textField]: { type: 'text', index: true },
          [FIELDS.metadataField]: { type: 'text', index: false },
        },
      },
    });
    index.applyRemovalPolicy(RemovalPolicy.DESTROY);
    handles(index, 'rag-knowledge-base');
    return index;
  }

  /** The role that CloudFormation deploys this stack with. */
  private deploymentRole(): string {
    const { deploymentRoleArn } = this.options;
    const { synthesizer } = Stack.of(this);
    // A synthesizer with the credentials of whoever deploys gives no role, and throws when asked for one.
    const known =
      synthesizer instanceof DefaultStackSynthesizer ? synthesizer.cloudFormationExecutionRoleArn : undefined;
    const arn = deploymentRoleArn ?? known;
    if (arn !== undefined && (Token.isUnresolved(arn) || !arn.includes('*'))) {
      return Token.isUnresolved(arn) || !arn.includes('${') ? arn : Fn.sub(arn);
    }
    return refuse(this, {
      prop: 'deploymentRoleArn',
      value: deploymentRoleArn ?? 'not given',
      allowed: 'the ARN of one role',
      fix: 'pass the role with which CloudFormation deploys this stack: it creates the index, and the synthesizer does not know it',
      catalogueId: 'rag-vector-store-private',
    });
  }

  /** Policies are JSON without spaces (AWS: CloudFormation, AWS::OpenSearchServerless::SecurityPolicy). */
  private json(value: unknown): string {
    return Stack.of(this).toJsonString(value);
  }
}
