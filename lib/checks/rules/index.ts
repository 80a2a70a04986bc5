import type { Rule } from '../rule';
import { apigw29sTimeout } from './apigw-29s-timeout';
import { apigwAccessLogs } from './apigw-access-logs';
import { apigwAuthorizerOnEveryRoute } from './apigw-authorizer-on-every-route';
import { apigwHttpApiDefault } from './apigw-http-api-default';
import { apigwThrottling } from './apigw-throttling';
import { athenaColumnarCompressed } from './athena-columnar-compressed';
import { athenaPartitioned } from './athena-partitioned';
import { athenaScanLimit } from './athena-scan-limit';
import { auroraCapacityAlarm } from './aurora-capacity-alarm';
import { auroraReaderSecondAz } from './aurora-reader-second-az';
import { auroraServerlessBounds } from './aurora-serverless-bounds';
import { bedrockAgentsOptional } from './bedrock-agents-optional';
import { bedrockConverseConfigModel } from './bedrock-converse-config-model';
import { bedrockGuardrailPolicies } from './bedrock-guardrail-policies';
import { bedrockGuardrailRequired } from './bedrock-guardrail-required';
import { bedrockInferenceProfile } from './bedrock-inference-profile';
import { bedrockModelLifecycle } from './bedrock-model-lifecycle';
import { bedrockNoProvisionedByDefault } from './bedrock-no-provisioned-by-default';
import { bedrockTokenBudget } from './bedrock-token-budget';
import { cacheMultiAz } from './cache-multi-az';
import { cacheVpcReachability } from './cache-vpc-reachability';
import { cloudfrontApiNotCached } from './cloudfront-api-not-cached';
import { cloudfrontBehaviorOrder } from './cloudfront-behavior-order';
import { cloudfrontErrorCachingTtl } from './cloudfront-error-caching-ttl';
import { cloudfrontFrontsEverything } from './cloudfront-fronts-everything';
import { cloudfrontPathRouting } from './cloudfront-path-routing';
import { cloudfrontS3Oac } from './cloudfront-s3-oac';
import { cloudfrontSpaFallbackKeepsApiErrors } from './cloudfront-spa-fallback-keeps-api-errors';
import { cloudfrontTls } from './cloudfront-tls';
import { cloudfrontVersionedAssets } from './cloudfront-versioned-assets';
import { cognitoMfaAndPassword } from './cognito-mfa-and-password';
import { cognitoNativeJwtAuthorizer } from './cognito-native-jwt-authorizer';
import { cognitoSesForEmail } from './cognito-ses-for-email';
import { cwAlarmHasAction } from './cw-alarm-has-action';
import { cwEmfNotPutmetric } from './cw-emf-not-putmetric';
import { cwErrorRateAlarm } from './cw-error-rate-alarm';
import { cwLogMetricFilter } from './cw-log-metric-filter';
import { cwLogRetention } from './cw-log-retention';
import { cwMissingDataExplicit } from './cw-missing-data-explicit';
import { cwP99LatencyAlarm } from './cw-p99-latency-alarm';
import { cwQueueAgeAlarm } from './cw-queue-age-alarm';
import { ddbAccessPatternsFirst } from './ddb-access-patterns-first';
import { ddbHighCardinalityKey } from './ddb-high-cardinality-key';
import { ddbOnDemandDefault } from './ddb-on-demand-default';
import { ddbPartitionLimitVisible } from './ddb-partition-limit-visible';
import { ddbStreamsForCdc } from './ddb-streams-for-cdc';
import { ebArchiveReplay } from './eb-archive-replay';
import { ebContentFilter } from './eb-content-filter';
import { ebPipesNoGlue } from './eb-pipes-no-glue';
import { ebSchedulerForCron } from './eb-scheduler-for-cron';
import { ebTargetDlq } from './eb-target-dlq';
import { ecsBothHealthChecks } from './ecs-both-health-checks';
import { ecsExecutionRoleMinimal } from './ecs-execution-role-minimal';
import { ecsProvisioningLeadTime } from './ecs-provisioning-lead-time';
import { ecsScaleCpu40 } from './ecs-scale-cpu-40';
import { ecsSelfHealingService } from './ecs-self-healing-service';
import { ecsTargetTracking } from './ecs-target-tracking';
import { ecsTaskRoleNotExecutionRole } from './ecs-task-role-not-execution-role';
import { encryptEverythingAtRest } from './encrypt-everything-at-rest';
import { firehoseBuffering } from './firehose-buffering';
import { firehoseFailedRecordsKept } from './firehose-failed-records-kept';
import { firehoseParquetConversion } from './firehose-parquet-conversion';
import { glueCatalogShared } from './glue-catalog-shared';
import { gravitonDefault } from './graviton-default';
import { iamNoStaticKeys } from './iam-no-static-keys';
import { iamNoWildcards } from './iam-no-wildcards';
import { iamRolesNotUsers } from './iam-roles-not-users';
import { kinesisEfoOverTwoConsumers } from './kinesis-efo-over-two-consumers';
import { kinesisHotShard } from './kinesis-hot-shard';
import { kinesisIteratorAgeAlarm } from './kinesis-iterator-age-alarm';
import { kinesisPoisonRecord } from './kinesis-poison-record';
import { kinesisReadThrottleAlarm } from './kinesis-read-throttle-alarm';
import { kinesisRetentionForReplay } from './kinesis-retention-for-replay';
import { kmsFanoutKeyPolicy } from './kms-fanout-key-policy';
import { kmsOneKeyPerDataDomain } from './kms-one-key-per-data-domain';
import { kmsRotation } from './kms-rotation';
import { lambdaAsyncFailureDestination } from './lambda-async-failure-destination';
import { lambdaAsyncRetryBounds } from './lambda-async-retry-bounds';
import { lambdaConcurrencyAlarm } from './lambda-concurrency-alarm';
import { lambdaConfigInSsm } from './lambda-config-in-ssm';
import { lambdaDlqNotEmptyAlarm } from './lambda-dlq-not-empty-alarm';
import { lambdaEnv4kb } from './lambda-env-4kb';
import { lambdaMaxMemory10gb } from './lambda-max-memory-10gb';
import { lambdaMaxTimeout15m } from './lambda-max-timeout-15m';
import { lambdaMemoryExplicit } from './lambda-memory-explicit';
import { lambdaNoWarmCapacityForBackground } from './lambda-no-warm-capacity-for-background';
import { lambdaProvisionedConcurrencyUserFacing } from './lambda-provisioned-concurrency-user-facing';
import { lambdaReservedConcurrencyIsolation } from './lambda-reserved-concurrency-isolation';
import { lambdaReservedSumWithinPool } from './lambda-reserved-sum-within-pool';
import { lambdaSqsMaxReceiveCount } from './lambda-sqs-max-receive-count';
import { lambdaSqsPartialBatch } from './lambda-sqs-partial-batch';
import { lambdaVpcOnlyWhenNeeded } from './lambda-vpc-only-when-needed';
import { logsEverywhere } from './logs-everywhere';
import { oneQueuePerService } from './one-queue-per-service';
import { patternHasAlarms } from './pattern-has-alarms';
import { ragConversationHistory } from './rag-conversation-history';
import { ragKnowledgeBase } from './rag-knowledge-base';
import { ragVectorStoreCost } from './rag-vector-store-cost';
import { ragVectorStorePrivate } from './rag-vector-store-private';
import { rdsBackupRetention } from './rds-backup-retention';
import { rdsConnectionsAlarm } from './rds-connections-alarm';
import { rdsDnsTtlOrProxy } from './rds-dns-ttl-or-proxy';
import { rdsOwnParameterGroup } from './rds-own-parameter-group';
import { rdsProxyForManyClients } from './rds-proxy-for-many-clients';
import { rdsSizeForConnections } from './rds-size-for-connections';
import { redshiftServerlessBounds } from './redshift-serverless-bounds';
import { s3AbortIncompleteMultipart } from './s3-abort-incomplete-multipart';
import { s3BlockPublicAccess } from './s3-block-public-access';
import { s3EventDrivenIngest } from './s3-event-driven-ingest';
import { s3NoObjectLambdaOrSelect } from './s3-no-object-lambda-or-select';
import { s3NoncurrentVersionExpiry } from './s3-noncurrent-version-expiry';
import { s3PresignedUploads } from './s3-presigned-uploads';
import { secretsEcsInjection } from './secrets-ecs-injection';
import { secretsLambdaRuntimeFetch } from './secrets-lambda-runtime-fetch';
import { secretsRotation } from './secrets-rotation';
import { sfnDirectIntegrations } from './sfn-direct-integrations';
import { sfnNotLambdaChains } from './sfn-not-lambda-chains';
import { sfnRetryCatchDeclared } from './sfn-retry-catch-declared';
import { sfnTypeFitsDuration } from './sfn-type-fits-duration';
import { snsFilterPolicy } from './sns-filter-policy';
import { snsSqsFanout } from './sns-sqs-fanout';
import { snsSubscriptionDlq } from './sns-subscription-dlq';
import { sqsDlqRequired } from './sqs-dlq-required';
import { sqsEsmExplicitConfig } from './sqs-esm-explicit-config';
import { sqsLongPolling } from './sqs-long-polling';
import { sqsRetentionExplicit } from './sqs-retention-explicit';
import { sqsVisibilityTimeoutExceedsProcessing } from './sqs-visibility-timeout-exceeds-processing';
import { statelessComputeNoAzVolume } from './stateless-compute-no-az-volume';
import { tlsEverywhere } from './tls-everywhere';
import { tracingOn } from './tracing-on';
import { vpcDataPrivate } from './vpc-data-private';
import { vpcGatewayEndpoints } from './vpc-gateway-endpoints';
import { vpcInterfaceEndpointBreakeven } from './vpc-interface-endpoint-breakeven';
import { vpcNatBytesAlarm } from './vpc-nat-bytes-alarm';
import { vpcNatCountExplicit } from './vpc-nat-count-explicit';
import { vpcSecurityGroupScope } from './vpc-security-group-scope';
import { vpcThreeAzs } from './vpc-three-azs';
import { wafManagedRules } from './waf-managed-rules';
import { wafNotOnHttpApi } from './waf-not-on-http-api';
import { wafOnCloudfront } from './waf-on-cloudfront';
import { wafRateRule } from './waf-rate-rule';

/** Every rule, one for a row of the catalogue. */
export const RULES: readonly Rule[] = [
  apigw29sTimeout,
  apigwAccessLogs,
  apigwAuthorizerOnEveryRoute,
  apigwHttpApiDefault,
  apigwThrottling,
  cognitoNativeJwtAuthorizer,
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
  encryptEverythingAtRest,
  gravitonDefault,
  iamNoStaticKeys,
  iamNoWildcards,
  iamRolesNotUsers,
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
  secretsLambdaRuntimeFetch,
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
  tlsEverywhere,
  kinesisRetentionForReplay,
  kinesisPoisonRecord,
  kinesisEfoOverTwoConsumers,
  kinesisReadThrottleAlarm,
  kinesisHotShard,
  kinesisIteratorAgeAlarm,
  athenaPartitioned,
  athenaColumnarCompressed,
  athenaScanLimit,
  firehoseParquetConversion,
  firehoseBuffering,
  firehoseFailedRecordsKept,
  glueCatalogShared,
  redshiftServerlessBounds,
  s3BlockPublicAccess,
  s3AbortIncompleteMultipart,
  s3NoncurrentVersionExpiry,
  auroraCapacityAlarm,
  auroraReaderSecondAz,
  auroraServerlessBounds,
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
  cognitoSesForEmail,
  ecsBothHealthChecks,
  ecsExecutionRoleMinimal,
  ecsProvisioningLeadTime,
  ecsScaleCpu40,
  ecsSelfHealingService,
  ecsTargetTracking,
  ecsTaskRoleNotExecutionRole,
  rdsBackupRetention,
  rdsConnectionsAlarm,
  rdsDnsTtlOrProxy,
  rdsOwnParameterGroup,
  rdsProxyForManyClients,
  rdsSizeForConnections,
  s3PresignedUploads,
  secretsEcsInjection,
  secretsRotation,
  statelessComputeNoAzVolume,
  vpcDataPrivate,
  vpcGatewayEndpoints,
  vpcInterfaceEndpointBreakeven,
  vpcNatBytesAlarm,
  vpcNatCountExplicit,
  vpcSecurityGroupScope,
  vpcThreeAzs,
  wafManagedRules,
  wafOnCloudfront,
  wafRateRule,
  tracingOn,
  wafNotOnHttpApi,
  bedrockAgentsOptional,
  bedrockConverseConfigModel,
  bedrockGuardrailPolicies,
  bedrockGuardrailRequired,
  bedrockInferenceProfile,
  bedrockModelLifecycle,
  bedrockNoProvisionedByDefault,
  bedrockTokenBudget,
  ragConversationHistory,
  ragKnowledgeBase,
  ragVectorStoreCost,
  ragVectorStorePrivate,
  s3EventDrivenIngest,
  s3NoObjectLambdaOrSelect,
];
