import type { TemplateResource } from '../../../template/template-resource';
import type { Inventory } from '../../inventory';
import { isPublicSubnet, subnetsOf, zonesOf } from '../../network';
import { notApplicable, type Rule, verdict } from '../../rule';

const ZONES = 3;
const TIER_TAG = 'aws-cdk:subnet-name';

/** The tier of a subnet: by CDK's name for it, else by whether the internet reaches it. */
function tierOf(subnet: TemplateResource, inventory: Inventory): string {
  const tags = subnet.maps<{ readonly Key?: string; readonly Value?: unknown }>('Tags');
  const named = tags.find(({ Key }) => Key === TIER_TAG)?.Value;
  return typeof named === 'string' ? named : isPublicSubnet(subnet, inventory) ? 'public' : 'private';
}

export const vpcThreeAzs: Rule = {
  id: 'vpc-three-azs',
  title: 'Each tier of subnets spans at least three availability zones',
  why: 'With two zones, the loss of one takes half of the capacity at once, and what needs a majority of three copies cannot be spread. A third zone costs no more by itself.',
  fix: 'Add a subnet in a third AvailabilityZone to each tier. In the CDK set maxAzs to 3 and give the stack an account and region, since without them it uses two zones.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html',
  example: {
    fixed: {
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
      PublicA: {
        Type: 'AWS::EC2::Subnet',
        Properties: {
          VpcId: { Ref: 'Vpc' },
          AvailabilityZone: 'eu-west-1a',
          Tags: [{ Key: 'aws-cdk:subnet-name', Value: 'Public' }],
        },
      },
      PublicB: {
        Type: 'AWS::EC2::Subnet',
        Properties: {
          VpcId: { Ref: 'Vpc' },
          AvailabilityZone: 'eu-west-1b',
          Tags: [{ Key: 'aws-cdk:subnet-name', Value: 'Public' }],
        },
      },
      PublicC: {
        Type: 'AWS::EC2::Subnet',
        Properties: {
          VpcId: { Ref: 'Vpc' },
          AvailabilityZone: 'eu-west-1c',
          Tags: [{ Key: 'aws-cdk:subnet-name', Value: 'Public' }],
        },
      },
      PrivateA: {
        Type: 'AWS::EC2::Subnet',
        Properties: {
          VpcId: { Ref: 'Vpc' },
          AvailabilityZone: 'eu-west-1a',
          Tags: [{ Key: 'aws-cdk:subnet-name', Value: 'Private' }],
        },
      },
      PrivateB: {
        Type: 'AWS::EC2::Subnet',
        Properties: {
          VpcId: { Ref: 'Vpc' },
          AvailabilityZone: 'eu-west-1b',
          Tags: [{ Key: 'aws-cdk:subnet-name', Value: 'Private' }],
        },
      },
      PrivateC: {
        Type: 'AWS::EC2::Subnet',
        Properties: {
          VpcId: { Ref: 'Vpc' },
          AvailabilityZone: 'eu-west-1c',
          Tags: [{ Key: 'aws-cdk:subnet-name', Value: 'Private' }],
        },
      },
    },
    broken: [{ PublicC: null }, { PrivateC: null }, { 'PrivateC.Properties.AvailabilityZone': 'eu-west-1b' }],
  },
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
