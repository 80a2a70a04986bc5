import { zonesWithout } from './zones';

/** Zones in which a service does not work, by their ids, which are the same in every account. */
export interface ZoneGap {
  readonly resourceType: string;
  /** Only resources with this value of a property, or with it in the list there. @default - all of the type */
  readonly where?: { readonly path: string; readonly value: string };
  readonly zoneIds: readonly string[];
  readonly source: string;
}

/** Gaps that are documented or reported; another may be one, too, which the service then says at create. */
export const RESOURCE_ZONE_GAPS: readonly ZoneGap[] = [
  {
    resourceType: 'AWS::CloudFront::VpcOrigin',
    zoneIds: zonesWithout('CloudFront VPC origins'),
    source: 'AWS: CloudFront, supported Regions for VPC origins',
  },
  {
    resourceType: 'AWS::ECS::TaskDefinition',
    where: { path: 'RequiresCompatibilities', value: 'FARGATE' },
    zoneIds: zonesWithout('Fargate'),
    source: 'AWS: ECS, supported Regions for Fargate',
  },
  {
    resourceType: 'AWS::ECS::TaskDefinition',
    where: { path: 'RuntimePlatform.CpuArchitecture', value: 'ARM64' },
    zoneIds: zonesWithout('Fargate with ARM64'),
    source: 'AWS: ECS, supported Regions for Fargate',
  },
];
