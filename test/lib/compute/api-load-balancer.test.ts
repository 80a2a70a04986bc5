import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { describe, expect, it } from 'vitest';
import { resourcesOf, testApp } from '../../synthesize';
import { attributes, built, fargateFixture, type Properties } from './fargate-fixture';

describe('the way to an API on Fargate', () => {
  it('is CloudFront alone, and nothing flows back into the stack of the data', () => {
    const { stack, data, template, all, only, api } = built();
    expect(all('AWS::EC2::SecurityGroupIngress')).toEqual([
      expect.objectContaining({
        FromPort: 80,
        ToPort: 80,
        GroupId: stack.resolve(api.balancer.securityGroup.securityGroupId),
        SourcePrefixListId: {
          'Fn::GetAtt': [expect.stringContaining('CloudFrontLookUp'), 'PrefixLists.0.PrefixListId'],
        },
      }),
      expect.objectContaining({
        FromPort: 8080,
        ToPort: 8080,
        GroupId: stack.resolve(api.securityGroup.securityGroupId),
        SourceSecurityGroupId: stack.resolve(api.balancer.securityGroup.securityGroupId),
      }),
    ]);
    expect(only('Custom::CloudFrontPrefixList')['Create']).toContain(
      '[{"Name":"prefix-list-name","Values":["com.amazonaws.global.cloudfront.origin-facing"]}]',
    );
    expect(all('AWS::EC2::SecurityGroupEgress').map((rule) => rule['DestinationSecurityGroupId'])).toEqual([
      stack.resolve(api.securityGroup.securityGroupId),
    ]);
    for (const group of all('AWS::EC2::SecurityGroup')) expect(group).not.toHaveProperty('SecurityGroupIngress');
    const { AwsvpcConfiguration } = only('AWS::ECS::Service')['NetworkConfiguration'] as {
      AwsvpcConfiguration: { SecurityGroups: unknown[] };
    };
    expect(AwsvpcConfiguration.SecurityGroups).toEqual([
      stack.resolve(api.securityGroup.securityGroupId),
      { 'Fn::GetStackOutput': expect.objectContaining({ StackName: 'Data' }) },
    ]);
    const dataTypes = Object.values(resourcesOf(Template.fromStack(data))).map(({ Type }) => Type);
    expect(dataTypes).not.toContain('AWS::EC2::SecurityGroupIngress');
    expect(dataTypes).not.toContain('AWS::EC2::SecurityGroupEgress');
    expect(template.findResources('AWS::EC2::EIP')).toEqual({});
  });

  it('is an internal load balancer that checks health, drops odd headers and writes down requests', () => {
    const { only } = built('prod');
    const balancer = only('AWS::ElasticLoadBalancingV2::LoadBalancer');
    expect(balancer['Scheme']).toBe('internal');
    expect(attributes(balancer['LoadBalancerAttributes'])).toMatchObject({
      'deletion_protection.enabled': 'true',
      'routing.http.drop_invalid_header_fields.enabled': 'true',
      'access_logs.s3.enabled': 'true',
      'access_logs.s3.bucket': { Ref: expect.stringContaining('ApiBalancerLogsBucket') },
    });
    expect(only('AWS::ElasticLoadBalancingV2::TargetGroup')).toMatchObject({
      HealthCheckPath: '/api/health',
      HealthCheckIntervalSeconds: 10,
      Matcher: { HttpCode: '200' },
      TargetType: 'ip',
    });
  });

  it('lets the load balancer write logs of this account, and nobody else anything', () => {
    const { only, template } = built('prod');
    // It writes a test file as soon as it is made.
    template.hasResource('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('LogsBucketPolicy')]),
    });
    const { Statement } = only('AWS::S3::BucketPolicy')['PolicyDocument'] as { Statement: Properties[] };
    expect(Statement.filter(({ Effect }) => Effect === 'Allow')).toEqual([
      {
        Sid: 'LoadBalancerWritesLogs',
        Effect: 'Allow',
        Action: 's3:PutObject',
        Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
        Resource: {
          'Fn::Join': [
            '',
            [{ 'Fn::GetAtt': [expect.any(String), 'Arn'] }, '/AWSLogs/', { Ref: 'AWS::AccountId' }, '/*'],
          ],
        },
      },
    ]);
    expect(JSON.stringify(only('AWS::S3::Bucket'))).toContain('"SSEAlgorithm":"AES256"');
    expect(JSON.stringify(only('AWS::S3::Bucket'))).toContain('"ExpirationInDays":365');
  });

  it('is one VPC origin, by HTTP inside of the VPC', () => {
    const { stack, api, only } = built();
    expect(api.origin).toBe(api.origin);
    expect(only('AWS::CloudFront::VpcOrigin')).toMatchObject({
      VpcOriginEndpointConfig: {
        Arn: stack.resolve(api.balancer.loadBalancer.loadBalancerArn),
        OriginProtocolPolicy: 'http-only',
      },
    });
    expect(only('AWS::ElasticLoadBalancingV2::Listener')).toMatchObject({ Port: 80, Protocol: 'HTTP' });
  });

  it('is TLS 1.2 or newer with a certificate', () => {
    const app = testApp();
    const elsewhere = new Stack(app, 'Certificates');
    const arn = 'arn:aws:acm:eu-west-1:111122223333:certificate/abc';
    const certificate = Certificate.fromCertificateArn(elsewhere, 'Certificate', arn);
    const { stack } = fargateFixture(app, 'prod', { tls: { certificate, domainName: 'origin.example.com' } });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      Protocol: 'HTTPS',
      Certificates: [{ CertificateArn: arn }],
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 443 });
    template.hasResourceProperties('AWS::CloudFront::VpcOrigin', {
      VpcOriginEndpointConfig: { OriginProtocolPolicy: 'https-only' },
    });
    const [distribution] = Object.values(resourcesOf(template, 'AWS::CloudFront::Distribution'));
    expect(JSON.stringify(distribution)).toContain('"DomainName":"origin.example.com"');
  });

  it('has metrics that name the load balancer, its targets and the service', () => {
    const { api } = fargateFixture(testApp());
    const { metrics } = api;
    const dimensions = (name: keyof typeof metrics) => Object.keys(metrics[name].dimensions ?? {}).sort();
    for (const name of ['unhealthyHosts', 'requests', 'serverErrors', 'latencyP99'] as const) {
      expect(dimensions(name)).toEqual(['LoadBalancer', 'TargetGroup']);
    }
    expect(dimensions('loadBalancerErrors')).toEqual(['LoadBalancer']);
    expect(dimensions('cpu')).toEqual(['ClusterName', 'ServiceName']);
    expect([metrics.unhealthyHosts.metricName, metrics.unhealthyHosts.statistic]).toEqual([
      'UnHealthyHostCount',
      'Maximum',
    ]);
    expect([metrics.latencyP99.metricName, metrics.latencyP99.statistic]).toEqual(['TargetResponseTime', 'p99']);
  });
});
