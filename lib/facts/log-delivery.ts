/**
 * Where a type says to which log group its service delivers. The service writes the group's ARN into one resource policy of the account
 * and region, which takes 5,120 characters, and removes none of it at deletion; groups under {@link VENDED} share one entry
 * (AWS: Step Functions, logging best practices, and CloudWatch Logs, enabling logging from AWS services).
 */
const LOG_DESTINATIONS: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGatewayV2::Stage': ['AccessLogSettings.DestinationArn'],
  'AWS::ElastiCache::ReplicationGroup': ['LogDeliveryConfigurations'],
  'AWS::MSK::Cluster': ['LoggingInfo.BrokerLogs.CloudWatchLogs.LogGroup'],
  'AWS::Pipes::Pipe': ['LogConfiguration.CloudwatchLogsLogDestination.LogGroupArn'],
  'AWS::Route53Resolver::ResolverQueryLoggingConfig': ['DestinationArn'],
  'AWS::StepFunctions::StateMachine': ['LoggingConfiguration.Destinations'],
};

/** Paths of a type's properties that name log groups to which its service delivers by the account's policy. */
export function logDestinations(type: string): readonly string[] {
  return (Object.hasOwn(LOG_DESTINATIONS, type) ? LOG_DESTINATIONS[type] : undefined) ?? [];
}

/** What the names of log groups begin with that share one entry of the policy. */
export const VENDED = '/aws/vendedlogs/';
