import type { TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { isPublicSubnet, subnetsOf, zonesOf } from '../../network';
import { notApplicable, type Rule, verdict } from '../../rule';

const ZONES = 3;
const TIER_TAG = 'aws-cdk:subnet-name';

/** The tier of a subnet: by CDK's name for it, else by whether the internet reaches it. */
function tierOf(subnet: TemplateResource, inventory: Inventory): string {
  const tags = subnet.list('Tags') as { readonly Key?: string; readonly Value?: unknown }[];
  const named = tags.find(({ Key }) => Key === TIER_TAG)?.Value;
  return typeof named === 'string' ? named : isPublicSubnet(subnet, inventory) ? 'public' : 'private';
}

/** Standard VPC: public and private subnets over 3 AZs. */
export const vpcThreeAzs: Rule = {
  id: 'vpc-three-azs',
  types: ['AWS::EC2::VPC'],
  check: (vpc, inventory) => {
    const subnets = subnetsOf(vpc, inventory);
    // Development may span fewer zones: what bills by the zone costs less, and an outage is borne.
    if (subnets.length === 0 || !inventory.strict) return notApplicable;
    const tiers = new Set(subnets.map((subnet) => tierOf(subnet, inventory)));
    return verdict(
      [...tiers].map((tier) => {
        const zones = zonesOf(subnets.filter((subnet) => tierOf(subnet, inventory) === tier));
        return zones < ZONES && `its ${tier} subnets span ${zones} zones; allowed: at least ${ZONES}`;
      }),
    );
  },
};
