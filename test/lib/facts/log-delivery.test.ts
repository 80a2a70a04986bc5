import { expect, it } from 'vitest';
import { logDestinations, VENDED } from '../../../lib/facts/log-delivery';
import { resourceType } from '../../../lib/facts/resource-types';

it.each([
  ['AWS::ApiGatewayV2::Stage', ['AccessLogSettings.DestinationArn']],
  ['AWS::StepFunctions::StateMachine', ['LoggingConfiguration.Destinations']],
  // It writes with a role of the account, and needs no policy.
  ['AWS::ApiGateway::Stage', []],
  ['AWS::Lambda::Function', []],
  ['constructor', []],
])('%s delivers to %j', (type, paths) => {
  expect(logDestinations(type)).toEqual(paths);
  if (paths.length > 0) expect(resourceType(type)).toBeDefined();
});

it('knows the names that share one entry', () => {
  expect(VENDED).toBe('/aws/vendedlogs/');
});
