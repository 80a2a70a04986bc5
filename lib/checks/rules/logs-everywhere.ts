import { mustHold, type Rule } from '../rule';

/** Everything logs to CloudWatch. */
export const logsEverywhere: Rule = {
  id: 'logs-everywhere',
  types: [
    'AWS::StepFunctions::StateMachine',
    'AWS::ApiGatewayV2::Stage',
    'AWS::ApiGateway::Stage',
    'AWS::Pipes::Pipe',
    'AWS::EC2::VPC',
  ],
  check: (resource, inventory) => {
    switch (resource.type) {
      case 'AWS::StepFunctions::StateMachine':
        return mustHold(
          !['OFF', undefined].includes(resource.literal('LoggingConfiguration.Level') as string | undefined),
          'LoggingConfiguration is off',
        );
      case 'AWS::Pipes::Pipe':
        return mustHold(resource.has('LogConfiguration'), 'the pipe does not log');
      case 'AWS::EC2::VPC':
        return mustHold(
          inventory.ofType('AWS::EC2::FlowLog').some((log) => inventory.names(log, log.get('ResourceId'), resource)),
          'the VPC has no flow log',
        );
      default:
        return mustHold(
          resource.has('AccessLogSettings.DestinationArn') || resource.has('AccessLogSetting.DestinationArn'),
          'the API stage does not log its requests',
        );
    }
  },
};
