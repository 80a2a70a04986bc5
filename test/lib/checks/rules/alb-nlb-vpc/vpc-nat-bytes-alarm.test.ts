import { vpcNatBytesAlarm } from '../../../../../lib/checks/rules/alb-nlb-vpc/vpc-nat-bytes-alarm';
import { alarm, cases, type Literals, ref } from '../../literal-fixture';

const nat: Literals = {
  Nat: ['AWS::EC2::NatGateway', {}],
  Bytes: alarm('AWS/NATGateway', 'BytesOutToDestination', ref('Nat')),
  Ports: alarm('AWS/NATGateway', 'ErrorPortAllocation', ref('Nat')),
};

cases(vpcNatBytesAlarm, nat, [
  ['compliant', 'both are watched'],
  ['violation', 'bytes are not', { Bytes: undefined }, 'no alarm on BytesOutToDestination of the gateway'],
  ['violation', 'ports are not', { Ports: undefined }, 'no alarm on ErrorPortAllocation of the gateway'],
  ['violation', 'those of another are', { 'Ports.Dimensions.0.Value': 'other' }, 'ErrorPortAllocation'],
  ['not-applicable', 'in development', { Ports: undefined }, { strict: false }],
]);
