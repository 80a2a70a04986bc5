import { Stack, Token } from 'aws-cdk-lib';
import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { AaaaRecord, ARecord, type IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';
import { handles } from '../validation/explain';
import { refuse } from '../validation/refuse';
import { EDGE_REGION, edgeScope } from './edge-region';

/** Your own domain names for a distribution. */
export interface EdgeDomain {
  /** Such as `app.example.com`: at least one, all in the zone. */
  readonly names: readonly [string, ...string[]];
  /** Gets the records that prove that the names are yours, and those that point at the distribution. */
  readonly hostedZone: IHostedZone;
}

/**
 * A certificate for the names, in us-east-1, proved by records in the zone.
 *
 * @throws RefusedValueError for a name outside of the zone, a zone that is created in the same stack outside us-east-1, or a stack that does
 * not say its region.
 */
export function certificateOf(scope: Construct, { names, hostedZone }: EdgeDomain): ICertificate {
  const { zoneName } = hostedZone;
  const outside = names.find((name) => name !== zoneName && !name.endsWith(`.${zoneName}`));
  if (outside !== undefined) {
    refuse(scope, {
      prop: 'domain.names',
      value: outside,
      allowed: `${zoneName}, or names that end in .${zoneName}`,
      fix: 'pass the hosted zone that contains the name',
      catalogueId: 'route53-alias',
    });
  }
  const edge = edgeScope(scope);
  refuseCycle(scope, edge, hostedZone);
  const [domainName, ...subjectAlternativeNames] = names;
  return new Certificate(edge, 'Certificate', {
    domainName,
    subjectAlternativeNames,
    validation: CertificateValidation.fromDns(hostedZone),
  });
}

/** The edge's stack would need the zone, and the zone's stack needs the edge's. */
function refuseCycle(scope: Construct, edge: Construct, hostedZone: IHostedZone): void {
  const isOwn = Token.isUnresolved(hostedZone.hostedZoneId) && Stack.of(hostedZone) === Stack.of(scope);
  if (!isOwn || Stack.of(edge) === Stack.of(scope)) return;
  refuse(scope, {
    prop: 'domain.hostedZone',
    value: hostedZone.node.path,
    allowed: `a zone of another stack, or one that exists: the certificate is in a stack of ${EDGE_REGION}, which cannot need this one`,
    fix: 'create the zone in a stack of its own, or import it with HostedZone.fromHostedZoneAttributes',
    catalogueId: 'route53-alias',
  });
}

/** Points the names at a distribution, over IPv4 and IPv6. */
export function pointAt(scope: Construct, { names, hostedZone }: EdgeDomain, distribution: IDistribution): void {
  const target = RecordTarget.fromAlias(new CloudFrontTarget(distribution));
  for (const name of names) {
    const record = { zone: hostedZone, recordName: `${name}.`, target };
    handles(new ARecord(scope, `${name}-A`, record), 'route53-alias');
    handles(new AaaaRecord(scope, `${name}-AAAA`, record), 'route53-alias');
  }
}
