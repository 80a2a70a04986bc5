import { Stack, Token } from 'aws-cdk-lib';
import type { CfnKnowledgeBase } from 'aws-cdk-lib/aws-bedrock';
import type { IConstruct } from 'constructs';
import type { RegionalFeature } from '../facts/regions';
import { refuse, warn } from '../validation/refuse';
import { checkRegion } from '../validation/region';
import { refuseEndedModel } from './model-lifecycle';

/** Regions that have Titan Text Embeddings V2 (AWS: Bedrock Knowledge Bases, supported models for vector embeddings; read on 1 December 2026). */
const TITAN_V2_REGIONS: readonly string[] = [
  ...['ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1', 'ap-south-2', 'ap-southeast-2'],
  ...['ca-central-1', 'eu-central-1', 'eu-central-2', 'eu-north-1', 'eu-south-1', 'eu-south-2', 'eu-west-1'],
  ...['eu-west-2', 'eu-west-3', 'sa-east-1', 'us-east-1', 'us-east-2', 'us-gov-east-1', 'us-gov-west-1', 'us-west-2'],
];

/** A model that is not among the named ones. */
export interface EmbeddingModelOptions {
  /** Id of the foundation model. */
  readonly modelId: string;
  /** Numbers in a vector. */
  readonly dimensions: number;
  /** What the model can give. One value: it is fixed, and the model is not asked for it. */
  readonly allowed: readonly number[];
  /** Regions that have the model. @default - not known: nothing is said of it */
  readonly regions?: readonly string[];
}

/**
 * What makes vectors of texts. The vectors of two models, or of two dimensions of one, cannot be compared: another choice is another
 * store and another knowledge base, and ingests every document again.
 */
export class EmbeddingModel {
  /** Amazon Titan Text Embeddings V2. @param dimensions 256, 512 or 1024 (AWS: Bedrock, Titan Text Embeddings V2) @default 1024 */
  static titanTextV2(dimensions = 1024): EmbeddingModel {
    const [modelId, allowed] = ['amazon.titan-embed-text-v2:0', [256, 512, 1024]];
    return new EmbeddingModel({ modelId, dimensions, allowed, regions: TITAN_V2_REGIONS });
  }

  /** Cohere Embed v4, many languages. @param dimensions 256, 512, 1024 or 1536 (AWS: Bedrock, Cohere Embed v4) @default 1536 */
  static cohereEmbedV4(dimensions = 1536): EmbeddingModel {
    const regions = ['us-east-1', 'eu-west-1', 'ap-northeast-1'];
    return new EmbeddingModel({ modelId: 'cohere.embed-v4:0', dimensions, allowed: [256, 512, 1024, 1536], regions });
  }

  /** Amazon Nova Multimodal Embeddings. @param dimensions 256, 384, 1024 or 3072 (AWS: Nova, embeddings) @default 1024 */
  static nova2(dimensions = 1024): EmbeddingModel {
    const modelId = 'amazon.nova-2-multimodal-embeddings-v1:0';
    return new EmbeddingModel({ modelId, dimensions, allowed: [256, 384, 1024, 3072], regions: ['us-east-1'] });
  }

  /** Any other. */
  static of(options: EmbeddingModelOptions): EmbeddingModel {
    return new EmbeddingModel(options);
  }

  /** A region that is named in the place of another one has the model. */
  private readonly availability: RegionalFeature;

  private constructor(private readonly options: EmbeddingModelOptions) {
    const { modelId, regions } = options;
    this.availability = { title: modelId, isIn: (region) => regions === undefined || regions.includes(region) };
  }

  get modelId(): string {
    return this.options.modelId;
  }

  get dimensions(): number {
    return this.options.dimensions;
  }

  /** ARN of the model in the stack's region. */
  arn(scope: IConstruct): string {
    return Stack.of(scope).formatArn({
      service: 'bedrock',
      account: '',
      resource: 'foundation-model',
      resourceName: this.modelId,
    });
  }

  /** @throws RefusedValueError for a dimension that the model cannot give, or a model past its end of life. */
  check(scope: IConstruct): void {
    const { modelId, dimensions, allowed, regions } = this.options;
    refuseEndedModel(scope, 'embedding', modelId);
    if (!allowed.includes(dimensions)) {
      refuse(scope, {
        prop: 'embedding.dimensions',
        value: dimensions,
        allowed: `${allowed.join(', ')} for ${modelId}`,
        fix: 'choose one of them: an index of another dimension refuses every vector of the model',
        catalogueId: 'rag-knowledge-base',
      });
    }
    checkRegion(scope, this.availability);
    const { region } = Stack.of(scope);
    if (regions === undefined || Token.isUnresolved(region) || regions.includes(region)) return;
    warn(
      scope,
      'rag-knowledge-base',
      `${modelId} is known to be available in ${regions.join(', ')} but not in ${region}, where creating the knowledge base would fail.`,
    );
  }

  /** How a knowledge base asks it. @internal */
  configuration(scope: IConstruct): CfnKnowledgeBase.VectorKnowledgeBaseConfigurationProperty {
    return {
      embeddingModelArn: this.arn(scope),
      embeddingModelConfiguration:
        this.options.allowed.length === 1
          ? undefined
          : { bedrockEmbeddingModelConfiguration: { dimensions: this.dimensions, embeddingDataType: 'FLOAT32' } },
    };
  }
}
