import type { Duration, Size } from 'aws-cdk-lib';
import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Chunking } from '../../lib/ai/chunking';
import type { EmbeddingModel } from '../../lib/ai/embedding-model';
import type { GenerationModel } from '../../lib/ai/generation-model';
import type { ExistingGuardrail } from '../../lib/ai/guardrail';
import type { GuardrailPolicies } from '../../lib/ai/guardrail-policies';
import type { ExistingKnowledgeBase } from '../../lib/ai/knowledge-base';
import type { VectorStore } from '../../lib/ai/vector-store';
import type { StageSettings } from '../../lib/stage/stage';
import type { AnswerBounds } from './contract';

/** How documents become what questions find. */
export interface KnowledgeOptions {
  /** Where vectors are kept, which decides what idling costs. @default - dev S3 Vectors, else OpenSearch Serverless (NextGen) */
  readonly vectorStore?: VectorStore;
  /** What turns text into vectors. Another one, or another dimension, ingests every document again. @default EmbeddingModel.titanTextV2() */
  readonly embedding?: EmbeddingModel;
  /** How documents are split into chunks. A change ingests every document again. @default Chunking.fixedSize() */
  readonly chunking?: Chunking;
}

/** What answers, within which bounds. */
export interface AnswerOptions {
  /** Any model of Bedrock's Converse API. @default - Amazon Nova, by the inference profile of the region's geography */
  readonly model?: GenerationModel;
  /** What bounds answers, and the bill. @default - see {@link DEFAULT_BOUNDS} */
  readonly bounds?: Partial<AnswerBounds>;
  /** What is refused and hidden, in questions and answers. @default - see {@link GuardrailPolicies} */
  readonly guardrail?: GuardrailPolicies;
  /**
   * Whether Bedrock logs each call of a model, prompts and answers included. It is a setting of the account and region, which is left
   * alone if someone has made it. @default false
   */
  readonly invocationLogs?: boolean;
  /** Questions answered at once: reserved concurrency. @default - dev 20, else 100 */
  readonly concurrency?: number;
}

/** What documents may come. */
export interface DocumentOptions {
  /** 1 byte to 50 MiB, the limit of a knowledge base. @default Size.mebibytes(50) */
  readonly maxSize?: Size;
  /** How long a presigned request lives. 5 to 15 minutes (guide 98). @default Duration.minutes(10) */
  readonly urlLifetime?: Duration;
}

/** What visitors see, and what stands in front of it. */
export interface RagSiteOptions {
  /** Names of yours, such as `ask.example.com`, and the zone that they are in. @default - a name of CloudFront's */
  readonly domain?: { readonly names: readonly [string, ...string[]]; readonly hostedZone: IHostedZone };
  /** A folder with a built site of yours: `index.html`, and hashed files under `assets/`. @default - the site that comes along */
  readonly folder?: string;
  /** A web ACL is $10 a month. `existing.webAclArn` takes yours in any stage. @default - all stages but dev */
  readonly firewall?: boolean;
}

/** Resources of yours that the application uses in place of its own. */
export interface ExistingRagResources {
  /** @default - a new key */
  readonly encryptionKey?: IKey;
  /**
   * A knowledge base with a data source that reads `documents/` of a bucket, and that bucket, with versions and events to EventBridge.
   * What is in it already is found once it comes anew (`aws s3 cp` onto itself), into `documents/<tenant>/`. @default - new ones
   */
  readonly knowledgeBase?: ExistingKnowledgeBase;
  /** A guardrail, with a numbered version of it. @default - a new one */
  readonly guardrail?: ExistingGuardrail;
  /** A pool with a domain of managed login, and that domain's URL, without a slash at the end. @default - a new pool */
  readonly users?: { readonly userPool: IUserPool; readonly loginUrl: string };
  /** ARN of a web ACL of scope CLOUDFRONT. @default - a new one, in us-east-1, in the stages that have one */
  readonly webAclArn?: string;
  /** Where alarms go. CloudWatch must be allowed to publish to it. @default - a new topic */
  readonly alarmTopic?: ITopic;
  /**
   * Whether the account has a role for the logs of API Gateway in this region, which is then left alone. It is one setting for all APIs,
   * and without any no API with access logs can be deployed. @default false: one is made, set, and kept when the stack goes
   */
  readonly apiLogRole?: boolean;
}

/** Props of {@link GenAiRag}. */
export interface GenAiRagProps {
  /** What the stage decides: sizes, retention, removal, alarms. @default stages.dev */
  readonly stage?: StageSettings;
  /** E-mail address that receives alarm notifications. @default - no one; prod then asks at deployment, unless you bring a topic */
  readonly alarmEmail?: string;
  /**
   * Whom mail to users comes from, at a domain that SES has verified; a pool of yours has its own sender.
   * @default - Cognito's sender; prod asks at deployment
   */
  readonly mailFrom?: string;
  /** @default - see {@link KnowledgeOptions} */
  readonly knowledge?: KnowledgeOptions;
  /** @default - see {@link AnswerOptions} */
  readonly answers?: AnswerOptions;
  /** @default - see {@link DocumentOptions} */
  readonly documents?: DocumentOptions;
  /** @default - see {@link RagSiteOptions} */
  readonly site?: RagSiteOptions;
  /** @default - the pattern makes everything */
  readonly existing?: ExistingRagResources;
}

/** What bounds an answer where nothing else is said. */
export const DEFAULT_BOUNDS: AnswerBounds = {
  maxTokens: 1000,
  maxPassages: 8,
  maxHistoryTokens: 4000,
  dailyTokens: 200_000,
  questionsPerMinute: 10,
  answerSeconds: 100,
  conversationDays: 90,
  maxToolRounds: 3,
};
