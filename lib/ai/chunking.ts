import type { CfnDataSource } from 'aws-cdk-lib/aws-bedrock';
import type { IConstruct } from 'constructs';
import { refuse } from '../validation/refuse';

/** Cuts by length. */
export interface FixedSize {
  /** Tokens of a chunk. From 1. @default 300 */
  readonly maxTokens?: number;
  /** Part of a chunk that the next begins with, in percent: 1 to 99. @default 20 */
  readonly overlapPercent?: number;
}

/** Cuts where the meaning changes; a foundation model reads every document for it, which is billed. */
export interface Semantic {
  /** Tokens of a chunk at most. From 1. @default 300 */
  readonly maxTokens?: number;
  /** Sentences on each side that are looked at together: 0 or 1. @default 0 */
  readonly bufferSize?: number;
  /** How different sentences must be to be cut apart: 50 to 99; higher makes fewer and longer chunks. @default 95 */
  readonly breakpointPercentile?: number;
}

/** Finds by small chunks, and answers with the larger ones that hold them. */
export interface Hierarchical {
  /** Tokens of a chunk that is answered with: 1 to 8192. @default 1500 */
  readonly parentTokens?: number;
  /** Tokens of a chunk that is searched: 1 to 8192, below `parentTokens`. @default 300 */
  readonly childTokens?: number;
  /** Tokens that chunks of a level share. From 1, below `childTokens`. @default 60 */
  readonly overlapTokens?: number;
}

type Configuration = CfnDataSource.ChunkingConfigurationProperty;

/** How documents are cut into what is searched. It cannot be changed: another choice is another data source (AWS: Bedrock, content chunking). */
export class Chunking {
  /** Chunks of one length. */
  static fixedSize({ maxTokens = 300, overlapPercent = 20 }: FixedSize = {}): Chunking {
    return new Chunking(
      'FIXED_SIZE',
      { fixedSizeChunkingConfiguration: { maxTokens, overlapPercentage: overlapPercent } },
      [
        ['maxTokens', maxTokens, 1, Number.POSITIVE_INFINITY],
        ['overlapPercent', overlapPercent, 1, 99],
      ],
      maxTokens,
    );
  }

  /** Chunks of one meaning. */
  static semantic({ maxTokens = 300, bufferSize = 0, breakpointPercentile = 95 }: Semantic = {}): Chunking {
    return new Chunking(
      'SEMANTIC',
      {
        semanticChunkingConfiguration: { maxTokens, bufferSize, breakpointPercentileThreshold: breakpointPercentile },
      },
      [
        ['maxTokens', maxTokens, 1, Number.POSITIVE_INFINITY],
        ['bufferSize', bufferSize, 0, 1],
        ['breakpointPercentile', breakpointPercentile, 50, 99],
      ],
      maxTokens,
    );
  }

  /** Small chunks in large ones. */
  static hierarchical({ parentTokens = 1500, childTokens = 300, overlapTokens = 60 }: Hierarchical = {}): Chunking {
    return new Chunking(
      'HIERARCHICAL',
      {
        hierarchicalChunkingConfiguration: {
          levelConfigurations: [{ maxTokens: parentTokens }, { maxTokens: childTokens }],
          overlapTokens,
        },
      },
      [
        ['parentTokens', parentTokens, 1, 8192],
        ['childTokens', childTokens, 1, parentTokens - 1],
        ['overlapTokens', overlapTokens, 1, childTokens - 1],
      ],
      parentTokens + childTokens,
    );
  }

  /** Each document is one chunk: for files that are cut already. */
  static none(): Chunking {
    return new Chunking('NONE', {}, []);
  }

  private constructor(
    /** As Bedrock calls it. */
    readonly strategy: 'FIXED_SIZE' | 'SEMANTIC' | 'HIERARCHICAL' | 'NONE',
    private readonly settings: Omit<Configuration, 'chunkingStrategy'>,
    private readonly bounds: readonly (readonly [name: string, value: number, least: number, most: number])[],
    /** Tokens of a chunk, of all levels together; undefined where files are cut already. */
    readonly tokens?: number,
  ) {}

  /** How Bedrock is told. @throws RefusedValueError for a value that Bedrock would refuse @internal */
  bind(scope: IConstruct): Configuration {
    for (const [name, value, least, most] of this.bounds) {
      if (Number.isInteger(value) && value >= least && value <= most) continue;
      refuse(scope, {
        prop: `chunking.${name}`,
        value,
        allowed:
          most === Number.POSITIVE_INFINITY ? `a whole number from ${least}` : `a whole number, ${least} to ${most}`,
        fix: 'choose a value in that range',
        catalogueId: 'rag-knowledge-base',
      });
    }
    return { chunkingStrategy: this.strategy, ...this.settings };
  }
}
