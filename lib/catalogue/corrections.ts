import type { CatalogueId } from './catalogue';

/** Where the practitioner's guide says something that is no longer true, and what the catalogue enforces instead. */
export interface Correction {
  /** What the guide says. */
  readonly guide: string;
  /** What is true today. */
  readonly today: string;
}

/** Corrections by row. A row without one says what the guide says. */
export const CORRECTIONS: Partial<Readonly<Record<CatalogueId, Correction>>> = {
  's3-concurrent-writers': {
    guide: 'S3 is eventually consistent for overwrites and deletes.',
    today: 'Reads are strongly consistent since December 2020; concurrent writers are still last-writer-wins.',
  },
  's3-request-rate-per-prefix': {
    guide: 'Use random prefixes, not dates.',
    today: 'Prefixes split by themselves since July 2018; a lake wants date partitions.',
  },
  'lambda-sqs-max-receive-count': {
    guide: 'A failing message is retried in a loop until the visibility timeout expires.',
    today: 'It comes back after each visibility timeout, until maxReceiveCount or retention ends it.',
  },
  'sqs-visibility-timeout-exceeds-processing': {
    guide: 'A visibility timeout longer than the processing time is enough.',
    today: 'AWS advises six function timeouts, plus the batching window, so that throttled batches can be retried.',
  },
  'waf-not-on-http-api': {
    guide: 'Attach WAF to API Gateway stages, and default to HTTP API.',
    today: 'WAF attaches to REST APIs, not to HTTP APIs: CloudFront goes in front.',
  },
  'apigw-http-api-default': {
    guide: 'The default API type can carry a web ACL.',
    today: 'It cannot; what needs WAF at the API itself is a REST API.',
  },
  'cloudfront-error-caching-ttl': {
    guide: 'Every 4xx and 5xx is cached for 5 minutes; set 0 or 5 seconds.',
    today: 'The default is 10 s, but 300 s once a custom error response exists: state the TTL of each code.',
  },
  'kms-rotation': {
    guide: 'Customer-managed keys rotate every year by themselves.',
    today: 'Rotation is off until EnableKeyRotation is true.',
  },
  'secrets-lambda-runtime-fetch': {
    guide: 'Secrets Manager gives Lambda environment variables.',
    today: 'Only ECS has that; in Lambda such a variable is plain text from deployment on, and does not rotate.',
  },
  'cdk-default-rules-as-errors': {
    guide: 'The CDK Function construct creates role, log group and alarms.',
    today: 'Role and function; a log group only behind a feature flag; alarms never.',
  },
  'vpc-interface-endpoint-breakeven': {
    guide: 'Use VPC endpoints instead of NAT to save.',
    today: 'Gateway endpoints are free; five interface endpoints in a zone cost more an hour than a NAT gateway.',
  },
  'ddb-prewarm-burst': {
    guide: 'Pre-warm an on-demand table by raising traffic slowly.',
    today: 'Set WarmThroughput on table and indexes.',
  },
  'kinesis-hot-shard': {
    guide: 'Only better keys help a hot shard, and resharding is manual.',
    today: 'On-demand streams scale their shards; streams without order can have keys managed by the service.',
  },
  'aurora-serverless-bounds': {
    guide: 'Serverless v2 runs from 0.5 to 256 ACU and scales in milliseconds.',
    today: 'The minimum can be 0 with auto-pause, which takes about 15 s to resume.',
  },
  'bedrock-model-lifecycle': {
    guide: 'Prices and examples name Claude 3.5 Sonnet.',
    today: 'It is past its end of life; the model is configuration, and ids past theirs are refused.',
  },
  'bedrock-inference-profile': {
    guide: 'Changing the model is one parameter.',
    today: 'Newer models need an inference profile, and IAM must allow it and the model in each of its regions.',
  },
  'rag-vector-store-cost': {
    guide: 'Knowledge Bases store in OpenSearch Serverless.',
    today:
      'One store of many, and the only one with a floor: about $350 a month in its classic generation. S3 Vectors has none.',
  },
  'tracing-otel-not-xray-sdk': {
    guide: 'Instrument with the X-Ray SDK.',
    today: 'The SDK is in maintenance since February 2026; use OpenTelemetry.',
  },
  'iam-deny-wins': {
    guide: 'The order is deny, SCP, identity, resource, boundary.',
    today: 'Deny, then RCP and SCP, then resource-based, identity, boundary and session policies.',
  },
  'route53-fast-health-check': {
    guide: 'Route 53 fails over in 30 to 60 seconds.',
    today: 'Three failures at 30 s are 90 s and the TTL; the fast check is 30 s and the TTL.',
  },
  'sqs-message-size-pointer': {
    guide: 'SQS messages are limited to 256 KB.',
    today: '1 MiB; SNS still stops at 262,144 bytes, so a fan-out does too.',
  },
  'sqs-fifo-high-throughput': {
    guide: 'FIFO queues do 3,000 messages a second.',
    today: 'In high-throughput mode up to 70,000 calls a second in large regions.',
  },
  'apigw-29s-timeout': {
    guide: 'Integrations are cut at 29 s, always.',
    today: 'The quota of regional REST APIs can be raised; HTTP APIs are fixed at 30 s.',
  },
  'lambda-max-timeout-15m': {
    guide: 'No function runs longer than 15 minutes.',
    today: 'Standard functions; managed instances and durable functions may.',
  },
  's3-multipart-over-100mb': {
    guide: 'Objects have at most 5 TB.',
    today: '50 TB; a single PUT still takes 5 GB.',
  },
  'cognito-tier-explicit': {
    guide: '50,000 users are free.',
    today: 'New pools default to Essentials, with 10,000 free; Plus has none.',
  },
};
