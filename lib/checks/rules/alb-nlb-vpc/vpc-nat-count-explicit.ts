import { hasWayOut, natGatewaysOf, subnetsOf, zonesOf } from '../../network';
import { notApplicable, type Rule, verdict } from '../../rule';

/** NAT gateways cost per AZ-hour and per GB, so their number is a decision. */
export const vpcNatCountExplicit: Rule = {
  id: 'vpc-nat-count-explicit',
  types: ['AWS::EC2::VPC'],
  check: (vpc, inventory) => {
    const gateways = natGatewaysOf(vpc, inventory);
    // In development one for all zones is what costs least.
    if (gateways.length === 0 || !inventory.strict) return notApplicable;
    const regional = gateways.some((nat) => nat.literal('AvailabilityMode') === 'regional');
    const zones = zonesOf(subnetsOf(vpc, inventory).filter((subnet) => hasWayOut(subnet, inventory)));
    return verdict([
      !regional &&
        gateways.length < zones &&
        `${gateways.length} NAT gateway for ${zones} zones: all lose their way out with one; allowed: one in each, a regional one, or none`,
    ]);
  },
};
