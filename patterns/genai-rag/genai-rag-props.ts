import type { Duration, Size } from 'aws-cdk-lib';
import type { IUserPool, Mfa } from 'aws-cdk-lib/aws-cognito';
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
import type { FirewallLists } from '../../lib/edge/firewall-lists';
import type { MonthlyBudgetProps } from '../../lib/monitoring/monthly-budget';
import type { LoginProvider } from '../../lib/security/login-provider';
import type { StageSettings } from '../../lib/stage/stage';
import type { AnswerBounds } from './contract';

/** Ingestion of documents. */
export interface KnowledgeOptions {
  /** The vector store, which determines the idle cost. @default VectorStore.s3Vectors() */
  readonly vectorStore?: VectorStore;
  /** The embedding model. Another one, or another dimension, ingests every document again. @default EmbeddingModel.titanTextV2() */
  readonly embedding?: EmbeddingModel;
  /** How documents are split into chunks. A change ingests every document again. @default Chunking.fixedSize() */
  readonly chunking?: Chunking;
}

/** The model and the limits of its answers. */
export interface AnswerOptions {
  /** Any model of Bedrock's Converse API. @default - Amazon Nova, by the inference profile of the region's geography */
  readonly model?: GenerationModel;
  /** Limits of answers and of their cost. @default - see {@link DEFAULT_BOUNDS} */
  readonly bounds?: Partial<AnswerBounds>;
  /** What the guardrail blocks and masks, in questions and answers. @default - see {@link GuardrailPolicies} */
  readonly guardrail?: GuardrailPolicies;
  /**
   * Whether Bedrock logs each call of a model, prompts and answers included. It is a setting of the account and region, which is left
   * unchanged if it is already configured. @default false
   */
  readonly invocationLogs?: boolean;
  /** Concurrent answers, as reserved concurrency. @default - dev 20, else 100 */
  readonly concurrency?: number;
}

/** Uploads of documents. */
export interface DocumentOptions {
  /** 1 byte to 50 MiB, the limit of a knowledge base. @default Size.mebibytes(50) */
  readonly maxSize?: Size;
  /** How long a presigned request lives. 5 to 15 minutes (guide 98). @default Duration.minutes(10) */
  readonly urlLifetime?: Duration;
}

/** The site and its firewall. Lists of addresses and countries create a web ACL in every stage. */
export interface RagSiteOptions extends FirewallLists {
  /** Your own domain names, such as `ask.example.com`, and their hosted zone. @default - a name of CloudFront */
  readonly domain?: { readonly names: readonly [string, ...string[]]; readonly hostedZone: IHostedZone };
  /** A folder with your own built site: `index.html`, and hashed files under `assets/`. @default - the included site */
  readonly folder?: string;
  /** Whether to create a web ACL, for $10 a month. `existing.webAclArn` sets your own in any stage. @default - all stages but dev, and where a list is given */
  readonly firewall?: boolean;
}

/** What a month may cost, and who hears of it. */
export interface RagBudgetOptions extends Omit<MonthlyBudgetProps, 'emails'> {
  /** @default - `alarmEmail` */
  readonly emails?: readonly string[];
}

/** Your own resources, which the application uses instead of new ones. */
export interface ExistingRagResources {
  /** @default - a new key */
  readonly encryptionKey?: IKey;
  /**
   * A knowledge base with a data source that reads `documents/` of a bucket, and that bucket, with versioning and events to EventBridge.
   * Existing objects are found after they are copied (`aws s3 cp` onto themselves) into `documents/<tenant>/`. @default - new ones
   */
  readonly knowledgeBase?: ExistingKnowledgeBase;
  /** A guardrail with a numbered version. @default - a new one */
  readonly guardrail?: ExistingGuardrail;
  /** A pool with a domain of managed login, and that domain's URL, without a slash at the end. @default - a new pool */
  readonly users?: { readonly userPool: IUserPool; readonly loginUrl: string };
  /** ARN of a web ACL of scope CLOUDFRONT. @default - a new one, in us-east-1, in the stages that have one */
  readonly webAclArn?: string;
  /** The topic that alarms notify. CloudWatch must be allowed to publish to it. @default - a new topic */
  readonly alarmTopic?: ITopic;
  /**
   * Whether the account has a role for the logs of API Gateway in this region, which is then left unchanged. It is one setting for all
   * APIs, and APIs with access logs need it. @default false: a role is created, set, and retained when the stack is deleted
   */
  readonly apiLogRole?: boolean;
}

/** Props of {@link GenAiRag}. */
export interface GenAiRagProps {
  /** Settings of the stage: sizes, retention, removal, alarms. @default stages.dev */
  readonly stage?: StageSettings;
  /** E-mail address that receives alarm notifications. @default - no one; prod then asks at deployment, unless you pass a topic */
  readonly alarmEmail?: string;
  /**
   * Sender address of e-mail to users, in a domain that SES has verified; your own pool has its own sender.
   * @default - Cognito's sender; prod asks at deployment
   */
  readonly mailFrom?: string;
  /**
   * Whether anyone with an e-mail address may make an account, with the budgets of a user. Otherwise an administrator makes accounts
   * (Cognito console, or `aws cognito-idp admin-create-user`). Not with `existing.users`. @default - not in a strict stage, such as prod
   */
  readonly selfSignUp?: boolean;
  /**
   * Mail domains whose addresses may sign up, such as `['example.com']`, in lower case and each once; a subdomain is another domain. Only
   * with self sign-up, and not with `existing.users`. Administrators still make any account. @default - any address may sign up
   */
  readonly allowedEmailDomains?: readonly string[];
  /**
   * Whether users sign in with a second factor, a TOTP app. `Mfa.REQUIRED`: everyone with a password, from the next sign-in on. `Mfa.OFF`:
   * not in a strict stage. Not with `existing.users`. @default Mfa.OPTIONAL
   */
  readonly mfa?: Mfa;
  /**
   * Who else signs users in, such as a company's single sign-on: `LoginProvider.saml`, `oidc`, `google` or `apple`. Not with
   * `existing.users`. @default - none: users have a password of the pool
   */
  readonly identityProviders?: readonly LoginProvider[];
  /** Whether users sign in with a password. `false`: by `identityProviders` alone. Not with `existing.users`. @default true */
  readonly passwordSignIn?: boolean;
  /**
   * What a month may cost: e-mail is sent when the account's costs, or those with a tag, pass it. It stops nothing; `answers.bounds` does.
   * @default - none
   */
  readonly monthlyBudget?: RagBudgetOptions;
  /** @default - see {@link KnowledgeOptions} */
  readonly knowledge?: KnowledgeOptions;
  /** @default - see {@link AnswerOptions} */
  readonly answers?: AnswerOptions;
  /** @default - see {@link DocumentOptions} */
  readonly documents?: DocumentOptions;
  /** @default - see {@link RagSiteOptions} */
  readonly site?: RagSiteOptions;
  /** @default - the pattern creates everything */
  readonly existing?: ExistingRagResources;
}

/** Default limits of an answer. */
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
