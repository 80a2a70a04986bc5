import { notApplicable, type Rule, verdict } from '../../rule';

const METRICS = ['BytesOutToDestination', 'ErrorPortAllocation'];

/** NAT data charges grow unseen. */
export const vpcNatBytesAlarm: Rule = {
  id: 'vpc-nat-bytes-alarm',
  types: ['AWS::EC2::NatGateway'],
  check: (nat, inventory) => {
    // Development does without: each alarm costs (see README, what it costs).
    if (!inventory.strict) return notApplicable;
    return verdict(
      METRICS.map(
        (metric) =>
          inventory.alarmsOn('AWS/NATGateway', metric, nat).length === 0 && `no alarm on ${metric} of the gateway`,
      ),
    );
  },
};
