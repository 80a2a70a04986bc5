// Written by scripts/rules-index.mjs, from the files beside it: change nothing here.
import type { Rule } from '../rule';
import { bedrockAgentsOptional } from './ai-ml/bedrock-agents-optional';
import { bedrockConverseConfigModel } from './ai-ml/bedrock-converse-config-model';
import { bedrockGuardrailPolicies } from './ai-ml/bedrock-guardrail-policies';
import { bedrockGuardrailRequired } from './ai-ml/bedrock-guardrail-required';
import { bedrockInferenceProfile } from './ai-ml/bedrock-inference-profile';
import { bedrockModelLifecycle } from './ai-ml/bedrock-model-lifecycle';
import { bedrockNoProvisionedByDefault } from './ai-ml/bedrock-no-provisioned-by-default';
import { bedrockTokenBudget } from './ai-ml/bedrock-token-budget';
import { ragConversationHistory } from './ai-ml/rag-conversation-history';
import { ragKnowledgeBase } from './ai-ml/rag-knowledge-base';
import { ragVectorStoreCost } from './ai-ml/rag-vector-store-cost';
import { ragVectorStorePrivate } from './ai-ml/rag-vector-store-private';
import { vpcDataPrivate } from './alb-nlb-vpc/vpc-data-private';
import { vpcGatewayEndpoints } from './alb-nlb-vpc/vpc-gateway-endpoints';
import { vpcInterfaceEndpointBreakeven } from './alb-nlb-vpc/vpc-interface-endpoint-breakeven';
import { vpcNatBytesAlarm } from './alb-nlb-vpc/vpc-nat-bytes-alarm';
import { vpcNatCountExplicit } from './alb-nlb-vpc/vpc-nat-count-explicit';
import { vpcSecurityGroupScope } from './alb-nlb-vpc/vpc-security-group-scope';
import { vpcThreeAzs } from './alb-nlb-vpc/vpc-three-azs';
import { apigw29sTimeout } from './api-gateway/apigw-29s-timeout';
import { apigwAccessLogs } from './api-gateway/apigw-access-logs';
import { apigwAuthorizerOnEveryRoute } from './api-gateway/apigw-authorizer-on-every-route';
import { apigwHttpApiDefault } from './api-gateway/apigw-http-api-default';
import { apigwThrottling } from './api-gateway/apigw-throttling';
import { auroraCapacityAlarm } from './aurora/aurora-capacity-alarm';
import { auroraReaderSecondAz } from './aurora/aurora-reader-second-az';
import { auroraServerlessBounds } from './aurora/aurora-serverless-bounds';
import { cloudfrontApiNotCached } from './cloudfront/cloudfront-api-not-cached';
import { cloudfrontBehaviorOrder } from './cloudfront/cloudfront-behavior-order';
import { cloudfrontErrorCachingTtl } from './cloudfront/cloudfront-error-caching-ttl';
import { cloudfrontFrontsEverything } from './cloudfront/cloudfront-fronts-everything';
import { cloudfrontPathRouting } from './cloudfront/cloudfront-path-routing';
import { cloudfrontS3Oac } from './cloudfront/cloudfront-s3-oac';
import { cloudfrontSpaFallbackKeepsApiErrors } from './cloudfront/cloudfront-spa-fallback-keeps-api-errors';
import { cloudfrontTls } from './cloudfront/cloudfront-tls';
import { cloudfrontVersionedAssets } from './cloudfront/cloudfront-versioned-assets';
import { cognitoMfaAndPassword } from './cognito/cognito-mfa-and-password';
import { cognitoNativeJwtAuthorizer } from './cognito/cognito-native-jwt-authorizer';
import { cognitoSesForEmail } from './cognito/cognito-ses-for-email';
import { athenaColumnarCompressed } from './data-and-analytics/athena-columnar-compressed';
import { athenaPartitioned } from './data-and-analytics/athena-partitioned';
import { athenaScanLimit } from './data-and-analytics/athena-scan-limit';
import { firehoseBuffering } from './data-and-analytics/firehose-buffering';
import { firehoseFailedRecordsKept } from './data-and-analytics/firehose-failed-records-kept';
import { firehoseParquetConversion } from './data-and-analytics/firehose-parquet-conversion';
import { glueCatalogShared } from './data-and-analytics/glue-catalog-shared';
import { redshiftServerlessBounds } from './data-and-analytics/redshift-serverless-bounds';
import { ddbAccessPatternsFirst } from './dynamodb/ddb-access-patterns-first';
import { ddbHighCardinalityKey } from './dynamodb/ddb-high-cardinality-key';
import { ddbOnDemandDefault } from './dynamodb/ddb-on-demand-default';
import { ddbPartitionLimitVisible } from './dynamodb/ddb-partition-limit-visible';
import { ddbStreamsForCdc } from './dynamodb/ddb-streams-for-cdc';
import { gravitonDefault } from './ec2/graviton-default';
import { statelessComputeNoAzVolume } from './ec2/stateless-compute-no-az-volume';
import { ecsBothHealthChecks } from './ecs-and-fargate/ecs-both-health-checks';
import { ecsExecutionRoleMinimal } from './ecs-and-fargate/ecs-execution-role-minimal';
import { ecsProvisioningLeadTime } from './ecs-and-fargate/ecs-provisioning-lead-time';
import { ecsScaleCpu40 } from './ecs-and-fargate/ecs-scale-cpu-40';
import { ecsSelfHealingService } from './ecs-and-fargate/ecs-self-healing-service';
import { ecsTargetTracking } from './ecs-and-fargate/ecs-target-tracking';
import { ecsTaskRoleNotExecutionRole } from './ecs-and-fargate/ecs-task-role-not-execution-role';
import { cacheMultiAz } from './elasticache-memorydb-documentdb/cache-multi-az';
import { cacheVpcReachability } from './elasticache-memorydb-documentdb/cache-vpc-reachability';
import { ebArchiveReplay } from './eventbridge-and-msk/eb-archive-replay';
import { ebContentFilter } from './eventbridge-and-msk/eb-content-filter';
import { ebPipesNoGlue } from './eventbridge-and-msk/eb-pipes-no-glue';
import { ebSchedulerForCron } from './eventbridge-and-msk/eb-scheduler-for-cron';
import { ebTargetDlq } from './eventbridge-and-msk/eb-target-dlq';
import { iamNoStaticKeys } from './iam/iam-no-static-keys';
import { iamNoWildcards } from './iam/iam-no-wildcards';
import { iamRolesNotUsers } from './iam/iam-roles-not-users';
import { logsEverywhere } from './infrastructure-as-code-and-closing-rules/logs-everywhere';
import { patternHasAlarms } from './infrastructure-as-code-and-closing-rules/pattern-has-alarms';
import { kinesisEfoOverTwoConsumers } from './kinesis-data-streams/kinesis-efo-over-two-consumers';
import { kinesisHotShard } from './kinesis-data-streams/kinesis-hot-shard';
import { kinesisIteratorAgeAlarm } from './kinesis-data-streams/kinesis-iterator-age-alarm';
import { kinesisPoisonRecord } from './kinesis-data-streams/kinesis-poison-record';
import { kinesisReadThrottleAlarm } from './kinesis-data-streams/kinesis-read-throttle-alarm';
import { kinesisRetentionForReplay } from './kinesis-data-streams/kinesis-retention-for-replay';
import { encryptEverythingAtRest } from './kms/encrypt-everything-at-rest';
import { kmsFanoutKeyPolicy } from './kms/kms-fanout-key-policy';
import { kmsOneKeyPerDataDomain } from './kms/kms-one-key-per-data-domain';
import { kmsRotation } from './kms/kms-rotation';
import { tlsEverywhere } from './kms/tls-everywhere';
import { lambdaAsyncFailureDestination } from './lambda/lambda-async-failure-destination';
import { lambdaAsyncRetryBounds } from './lambda/lambda-async-retry-bounds';
import { lambdaConcurrencyAlarm } from './lambda/lambda-concurrency-alarm';
import { lambdaConfigInSsm } from './lambda/lambda-config-in-ssm';
import { lambdaDlqNotEmptyAlarm } from './lambda/lambda-dlq-not-empty-alarm';
import { lambdaEnv4kb } from './lambda/lambda-env-4kb';
import { lambdaMaxMemory10gb } from './lambda/lambda-max-memory-10gb';
import { lambdaMaxTimeout15m } from './lambda/lambda-max-timeout-15m';
import { lambdaMemoryExplicit } from './lambda/lambda-memory-explicit';
import { lambdaNoWarmCapacityForBackground } from './lambda/lambda-no-warm-capacity-for-background';
import { lambdaProvisionedConcurrencyUserFacing } from './lambda/lambda-provisioned-concurrency-user-facing';
import { lambdaReservedConcurrencyIsolation } from './lambda/lambda-reserved-concurrency-isolation';
import { lambdaReservedSumWithinPool } from './lambda/lambda-reserved-sum-within-pool';
import { lambdaSqsMaxReceiveCount } from './lambda/lambda-sqs-max-receive-count';
import { lambdaSqsPartialBatch } from './lambda/lambda-sqs-partial-batch';
import { lambdaVpcOnlyWhenNeeded } from './lambda/lambda-vpc-only-when-needed';
import { cwAlarmHasAction } from './observability/cw-alarm-has-action';
import { cwEmfNotPutmetric } from './observability/cw-emf-not-putmetric';
import { cwErrorRateAlarm } from './observability/cw-error-rate-alarm';
import { cwLogMetricFilter } from './observability/cw-log-metric-filter';
import { cwLogRetention } from './observability/cw-log-retention';
import { cwMissingDataExplicit } from './observability/cw-missing-data-explicit';
import { cwP99LatencyAlarm } from './observability/cw-p99-latency-alarm';
import { cwQueueAgeAlarm } from './observability/cw-queue-age-alarm';
import { tracingOn } from './observability/tracing-on';
import { rdsBackupRetention } from './rds/rds-backup-retention';
import { rdsConnectionsAlarm } from './rds/rds-connections-alarm';
import { rdsDnsTtlOrProxy } from './rds/rds-dns-ttl-or-proxy';
import { rdsOwnParameterGroup } from './rds/rds-own-parameter-group';
import { rdsProxyForManyClients } from './rds/rds-proxy-for-many-clients';
import { rdsSizeForConnections } from './rds/rds-size-for-connections';
import { s3AbortIncompleteMultipart } from './s3/s3-abort-incomplete-multipart';
import { s3BlockPublicAccess } from './s3/s3-block-public-access';
import { s3EventDrivenIngest } from './s3/s3-event-driven-ingest';
import { s3NoObjectLambdaOrSelect } from './s3/s3-no-object-lambda-or-select';
import { s3NoncurrentVersionExpiry } from './s3/s3-noncurrent-version-expiry';
import { s3PresignedUploads } from './s3/s3-presigned-uploads';
import { secretsEcsInjection } from './secrets-manager/secrets-ecs-injection';
import { secretsLambdaRuntimeFetch } from './secrets-manager/secrets-lambda-runtime-fetch';
import { secretsRotation } from './secrets-manager/secrets-rotation';
import { oneQueuePerService } from './sns/one-queue-per-service';
import { snsFilterPolicy } from './sns/sns-filter-policy';
import { snsSqsFanout } from './sns/sns-sqs-fanout';
import { snsSubscriptionDlq } from './sns/sns-subscription-dlq';
import { sqsDlqRequired } from './sqs/sqs-dlq-required';
import { sqsEsmExplicitConfig } from './sqs/sqs-esm-explicit-config';
import { sqsLongPolling } from './sqs/sqs-long-polling';
import { sqsRetentionExplicit } from './sqs/sqs-retention-explicit';
import { sqsVisibilityTimeoutExceedsProcessing } from './sqs/sqs-visibility-timeout-exceeds-processing';
import { sfnDirectIntegrations } from './step-functions/sfn-direct-integrations';
import { sfnNotLambdaChains } from './step-functions/sfn-not-lambda-chains';
import { sfnRetryCatchDeclared } from './step-functions/sfn-retry-catch-declared';
import { sfnTypeFitsDuration } from './step-functions/sfn-type-fits-duration';
import { wafManagedRules } from './waf-and-shield/waf-managed-rules';
import { wafNotOnHttpApi } from './waf-and-shield/waf-not-on-http-api';
import { wafOnCloudfront } from './waf-and-shield/waf-on-cloudfront';
import { wafRateRule } from './waf-and-shield/waf-rate-rule';

/** Every rule, by its id. */
export const RULES: readonly Rule[] = [
  apigw29sTimeout,
  apigwAccessLogs,
  apigwAuthorizerOnEveryRoute,
  apigwHttpApiDefault,
  apigwThrottling,
  athenaColumnarCompressed,
  athenaPartitioned,
  athenaScanLimit,
  auroraCapacityAlarm,
  auroraReaderSecondAz,
  auroraServerlessBounds,
  bedrockAgentsOptional,
  bedrockConverseConfigModel,
  bedrockGuardrailPolicies,
  bedrockGuardrailRequired,
  bedrockInferenceProfile,
  bedrockModelLifecycle,
  bedrockNoProvisionedByDefault,
  bedrockTokenBudget,
  cacheMultiAz,
  cacheVpcReachability,
  cloudfrontApiNotCached,
  cloudfrontBehaviorOrder,
  cloudfrontErrorCachingTtl,
  cloudfrontFrontsEverything,
  cloudfrontPathRouting,
  cloudfrontS3Oac,
  cloudfrontSpaFallbackKeepsApiErrors,
  cloudfrontTls,
  cloudfrontVersionedAssets,
  cognitoMfaAndPassword,
  cognitoNativeJwtAuthorizer,
  cognitoSesForEmail,
  cwAlarmHasAction,
  cwEmfNotPutmetric,
  cwErrorRateAlarm,
  cwLogMetricFilter,
  cwLogRetention,
  cwMissingDataExplicit,
  cwP99LatencyAlarm,
  cwQueueAgeAlarm,
  ddbAccessPatternsFirst,
  ddbHighCardinalityKey,
  ddbOnDemandDefault,
  ddbPartitionLimitVisible,
  ddbStreamsForCdc,
  ebArchiveReplay,
  ebContentFilter,
  ebPipesNoGlue,
  ebSchedulerForCron,
  ebTargetDlq,
  ecsBothHealthChecks,
  ecsExecutionRoleMinimal,
  ecsProvisioningLeadTime,
  ecsScaleCpu40,
  ecsSelfHealingService,
  ecsTargetTracking,
  ecsTaskRoleNotExecutionRole,
  encryptEverythingAtRest,
  firehoseBuffering,
  firehoseFailedRecordsKept,
  firehoseParquetConversion,
  glueCatalogShared,
  gravitonDefault,
  iamNoStaticKeys,
  iamNoWildcards,
  iamRolesNotUsers,
  kinesisEfoOverTwoConsumers,
  kinesisHotShard,
  kinesisIteratorAgeAlarm,
  kinesisPoisonRecord,
  kinesisReadThrottleAlarm,
  kinesisRetentionForReplay,
  kmsFanoutKeyPolicy,
  kmsOneKeyPerDataDomain,
  kmsRotation,
  lambdaAsyncFailureDestination,
  lambdaAsyncRetryBounds,
  lambdaConcurrencyAlarm,
  lambdaConfigInSsm,
  lambdaDlqNotEmptyAlarm,
  lambdaEnv4kb,
  lambdaMaxMemory10gb,
  lambdaMaxTimeout15m,
  lambdaMemoryExplicit,
  lambdaNoWarmCapacityForBackground,
  lambdaProvisionedConcurrencyUserFacing,
  lambdaReservedConcurrencyIsolation,
  lambdaReservedSumWithinPool,
  lambdaSqsMaxReceiveCount,
  lambdaSqsPartialBatch,
  lambdaVpcOnlyWhenNeeded,
  logsEverywhere,
  oneQueuePerService,
  patternHasAlarms,
  ragConversationHistory,
  ragKnowledgeBase,
  ragVectorStoreCost,
  ragVectorStorePrivate,
  rdsBackupRetention,
  rdsConnectionsAlarm,
  rdsDnsTtlOrProxy,
  rdsOwnParameterGroup,
  rdsProxyForManyClients,
  rdsSizeForConnections,
  redshiftServerlessBounds,
  s3AbortIncompleteMultipart,
  s3BlockPublicAccess,
  s3EventDrivenIngest,
  s3NoObjectLambdaOrSelect,
  s3NoncurrentVersionExpiry,
  s3PresignedUploads,
  secretsEcsInjection,
  secretsLambdaRuntimeFetch,
  secretsRotation,
  sfnDirectIntegrations,
  sfnNotLambdaChains,
  sfnRetryCatchDeclared,
  sfnTypeFitsDuration,
  snsFilterPolicy,
  snsSqsFanout,
  snsSubscriptionDlq,
  sqsDlqRequired,
  sqsEsmExplicitConfig,
  sqsLongPolling,
  sqsRetentionExplicit,
  sqsVisibilityTimeoutExceedsProcessing,
  statelessComputeNoAzVolume,
  tlsEverywhere,
  tracingOn,
  vpcDataPrivate,
  vpcGatewayEndpoints,
  vpcInterfaceEndpointBreakeven,
  vpcNatBytesAlarm,
  vpcNatCountExplicit,
  vpcSecurityGroupScope,
  vpcThreeAzs,
  wafManagedRules,
  wafNotOnHttpApi,
  wafOnCloudfront,
  wafRateRule,
];
