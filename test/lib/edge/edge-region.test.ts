import { readFileSync } from 'node:fs';
import {
  type App,
  Aspects,
  BootstraplessSynthesizer,
  CliCredentialsStackSynthesizer,
  DefaultStackSynthesizer,
  LegacyStackSynthesizer,
  NestedStack,
  PermissionsBoundary,
  Stack,
  StackSynthesizer,
  Stage,
  Tags,
} from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { AssetManifestArtifact } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { stages } from '../../../lib';
import { AccessLogBucket } from '../../../lib/edge/access-log-bucket';
import { edgeScope } from '../../../lib/edge/edge-region';
import { Firewall } from '../../../lib/edge/firewall';
import { resourcesOf, testApp } from '../../synthesize';
import { edge, edgeStack, IRELAND, VIRGINIA } from './edge-fixture';

/** Types that CloudFront takes from us-east-1 alone, and the bucket of its logs. */
const EDGE_TYPES = ['AWS::WAFv2::WebACL', 'AWS::WAFv2::LoggingConfiguration', 'AWS::CertificateManager::Certificate'];

const ROLE = 'arn:aws:iam::111111111111:role/deployer';
const names = ['app.example.com'] as const;

describe('where things of the edge go', () => {
  it('makes web ACL, certificate and log bucket in us-east-1 for an application in Ireland', () => {
    const app = testApp();
    const { stack } = edgeStack(app, IRELAND, { names });
    const edge = app.node.findChild('ShopEdge') as Stack;
    expect([edge.region, edge.account, edge.stackName]).toEqual(['us-east-1', '111111111111', 'ShopEdge-eu-west-1']);
    const [atEdge, atHome] = [Template.fromStack(edge), Template.fromStack(stack)];
    for (const type of EDGE_TYPES) {
      atEdge.resourceCountIs(type, 1);
      atHome.resourceCountIs(type, 0);
    }
    atEdge.hasResourceProperties('AWS::S3::Bucket', {
      BucketName: { 'Fn::Join': ['', Match.arrayWith(['aws-waf-logs-'])] },
    });
    const remote = (OutputName: unknown) => ({
      'Fn::GetStackOutput': { StackName: 'ShopEdge-eu-west-1', Region: 'us-east-1', OutputName },
    });
    atHome.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        WebACLId: remote(Match.stringLikeRegexp('WebAcl.*Arn')),
        Logging: { Bucket: remote(Match.stringLikeRegexp('AccessLogsBucket.*RegionalDomainName')) },
        ViewerCertificate: { AcmCertificateArn: remote(Match.stringLikeRegexp('Certificate')) },
      },
    });
  });

  it('makes no second stack for an application in us-east-1', () => {
    const app = testApp();
    const { stack } = edgeStack(app, VIRGINIA, { names });
    expect(app.node.children.filter((child) => child instanceof Stack)).toEqual([stack]);
    const template = Template.fromStack(stack);
    for (const type of EDGE_TYPES) template.resourceCountIs(type, 1);
    expect(JSON.stringify(template.toJSON())).not.toContain('GetStackOutput');
  });

  it('knows the account only where the stack does', () => {
    const app = testApp();
    const { stack } = edgeStack(app, { region: 'eu-west-1' });
    expect(() => app.synth()).not.toThrow();
    expect((app.node.findChild('ShopEdge') as Stack).account).toBe(stack.account);
  });

  it('refuses a stack that does not say its region, in one clear error', () => {
    expect(() => edgeStack(testApp())).toThrow(
      "Shop/AccessLogs: env.region is 'left open'; allowed: an explicit region: a web ACL for CloudFront must be in us-east-1, " +
        'and stacks in other regions refer to it across regions. [waf-on-cloudfront] Fix: set it: new MyStack(app, ' +
        "'My', { env: { region: 'eu-west-1' } }), or pass -c region=eu-west-1",
    );
  });

  it('keeps two applications of a stack apart', () => {
    const app = testApp();
    const stack = new Stack(app, 'Shop', { env: IRELAND });
    for (const id of ['One', 'Two']) edge(new Construct(stack, id), { names: [`${id.toLowerCase()}.example.com`] });
    const atEdge = Template.fromStack(app.node.findChild('ShopEdge') as Stack);
    for (const type of EDGE_TYPES) atEdge.resourceCountIs(type, 2);
    const told = (type: string, of: (properties: Record<string, unknown>) => unknown) =>
      new Set(Object.values(atEdge.findResources(type)).map(({ Properties }) => JSON.stringify(of(Properties))));
    expect(told('AWS::S3::Bucket', ({ BucketName }) => BucketName).size).toBe(2);
    expect(
      told('AWS::WAFv2::WebACL', ({ VisibilityConfig }) => (VisibilityConfig as { MetricName: string }).MetricName)
        .size,
    ).toBe(2);
    const home = Template.fromStack(stack);
    home.resourceCountIs('AWS::CloudFront::Distribution', 2);
    // One function copies both sites.
    home.resourcePropertiesCountIs('AWS::Lambda::Function', { Handler: 'index.handler', Layers: Match.anyValue() }, 1);
  });

  it('shares no name with the same application in another region of the account', () => {
    const named = (region: string) => {
      const app = testApp();
      edgeStack(app, { ...IRELAND, region }, { names });
      const stacks = app.synth().stacks.filter(({ environment }) => environment.region === 'us-east-1');
      const home = Template.fromStack(app.node.findChild('Shop') as Stack);
      const config = (type: string, key: string) =>
        Object.values(resourcesOf(home, type)).map(
          ({ Properties }) => (Properties[key] as { readonly Name: string }).Name,
        );
      return [
        ...stacks.map(({ stackName }) => stackName),
        ...config('AWS::CloudFront::ResponseHeadersPolicy', 'ResponseHeadersPolicyConfig'),
        ...config('AWS::CloudFront::OriginAccessControl', 'OriginAccessControlConfig'),
        ...Object.values(resourcesOf(home, 'AWS::CloudFront::Function')).map(({ Properties }) => Properties['Name']),
      ];
    };
    const [here, there] = [named('eu-west-1'), named('ap-southeast-2')];
    expect(here).toHaveLength(5);
    expect(new Set([...here, ...there]).size).toBe(10);
  });

  it('stands beside the stack: in its Stage, with its name, tags and protection, and for the stacks nested in it', () => {
    const app = testApp();
    const stage = new Stage(app, 'Prod', { env: IRELAND });
    const stack = new Stack(stage, 'Shop', {
      terminationProtection: true,
      tags: { team: 'shop' },
      stackName: 'my-shop',
    });
    const nested = new NestedStack(stack, 'Nested');
    const [inner, outer] = [edgeScope(new Construct(nested, 'Inner')), edgeScope(new Construct(stack, 'Outer'))];
    const edge = Stack.of(outer);
    expect(Stack.of(inner)).toBe(edge);
    expect(edge.node.path).toBe('Prod/ShopEdge');
    expect([edge.stackName, edge.terminationProtection, edge.tags.tagValues()]).toEqual([
      'my-shopEdge-eu-west-1',
      true,
      { team: 'shop' },
    ]);
    expect([inner.node.path, outer.node.path]).toEqual(['Prod/ShopEdge/Nested/Inner', 'Prod/ShopEdge/Outer']);
  });

  it('has the synthesizer of the stack', () => {
    const app = testApp();
    const synthesizer = new DefaultStackSynthesizer({ qualifier: 'acme' });
    const stack = new Stack(app, 'Shop', { env: IRELAND, synthesizer });
    edge(stack, { names });
    const [home, away] = ['Shop', 'ShopEdge'].map((id) => app.synth().getStackArtifact(id));
    expect(away?.assumeRoleArn).toContain('acme-deploy-role-111111111111-us-east-1');
    expect(home?.assumeRoleArn).toContain('acme-deploy-role-111111111111-eu-west-1');
    expect([home, away].map((each) => each?.stackTemplateAssetObjectUrl?.split('/')[2])).toEqual([
      'cdk-acme-assets-111111111111-eu-west-1',
      'cdk-acme-assets-111111111111-us-east-1',
    ]);
  });

  it.each([
    ['the default one', () => new DefaultStackSynthesizer({ cloudFormationExecutionRole: ROLE, deployRoleArn: ROLE })],
    [
      'one without bootstrap',
      () => new BootstraplessSynthesizer({ cloudFormationExecutionRoleArn: ROLE, deployRoleArn: ROLE }),
    ],
    ['one of the CLI alone', () => new CliCredentialsStackSynthesizer({ qualifier: 'acme' })],
    ['the legacy one', () => new LegacyStackSynthesizer()],
  ])('has the roles of the stack with %s', (_, synthesizer) => {
    const app = testApp();
    const stack = new Stack(app, 'Shop', { env: IRELAND, synthesizer: synthesizer() });
    const outer = edgeScope(new Construct(stack, 'Outer'));
    for (const scope of [stack, outer])
      new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const [home, away] = ['Shop', 'ShopEdge'].map((id) => app.synth().getStackArtifact(id));
    expect(Stack.of(outer).synthesizer.constructor).toBe(stack.synthesizer.constructor);
    const roles = [away?.assumeRoleArn, away?.cloudFormationExecutionRoleArn];
    expect(roles).toEqual([home?.assumeRoleArn, home?.cloudFormationExecutionRoleArn]);
  });

  it('publishes no asset of the stack', () => {
    const app = testApp();
    const stack = new Stack(app, 'Shop', { env: IRELAND });
    edge(stack, { names });
    const assembly = app.synth();
    const published = (id: string) => {
      const { file } = assembly.artifacts.find((each) => each.id === `${id}.assets`) as AssetManifestArtifact;
      const { files } = JSON.parse(readFileSync(file, 'utf8')) as { files: Record<string, { displayName: string }> };
      return Object.values(files).map(({ displayName }) => displayName);
    };
    expect(published('Shop')).toContain('Shop Template');
    expect(published('ShopEdge')).toEqual([
      // Its own: it has a bucket, too.
      expect.stringContaining('CustomResourceProvider'),
      'ShopEdge-eu-west-1 Template',
    ]);
  });

  it('says that a synthesizer for one stack is not its own, and takes a stack of yours instead', () => {
    class OneStack extends StackSynthesizer {
      addFileAsset(): never {
        throw new Error('not here');
      }
      addDockerImageAsset(): never {
        throw new Error('not here');
      }
      synthesize(): void {}
    }
    const build = (prepare: (app: App) => void) => {
      const app = testApp();
      prepare(app);
      const stack = new Stack(app, 'Shop', { env: IRELAND, synthesizer: new OneStack() });
      const scope = edgeScope(new Construct(stack, 'Outer'));
      return { warnings: stack.node.metadata.filter(({ type }) => type === 'aws:cdk:warning'), scope };
    };
    expect(build(() => {}).warnings.map(({ data }) => data as string)).toEqual([
      expect.stringContaining("The synthesizer of Shop is for one stack, so ShopEdge has the app's."),
    ]);
    const mine = build((app) => new Stack(app, 'ShopEdge', { env: VIRGINIA, stackName: 'acme-edge' }));
    expect([mine.warnings, Stack.of(mine.scope).stackName]).toEqual([[], 'acme-edge']);
    expect(() => build((app) => new Stack(app, 'ShopEdge', { env: IRELAND }))).toThrow(
      "Shop: ShopEdge is 'eu-west-1'; allowed: a stack in us-east-1",
    );
    expect(() => build((app) => new Construct(app, 'ShopEdge'))).toThrow("ShopEdge is 'no stack'");
  });

  it('has the permissions boundary, the tags and the aspects of the stack, whenever they are applied', () => {
    const app = testApp();
    const permissionsBoundary = PermissionsBoundary.fromName('acme-boundary');
    const stack = new Stack(app, 'Shop', { env: IRELAND, permissionsBoundary });
    const outer = edgeScope(new Construct(stack, 'Outer'));
    new Role(outer, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    Tags.of(stack).add('team', 'shop');
    const visited: string[] = [];
    Aspects.of(stack).add({ visit: ({ node }) => visited.push(node.path) });
    const template = Template.fromStack(Stack.of(outer));
    template.hasResourceProperties('AWS::IAM::Role', {
      PermissionsBoundary: 'arn:aws:iam::111111111111:policy/acme-boundary',
      Tags: [{ Key: 'team', Value: 'shop' }],
    });
    expect(visited).toContain('ShopEdge/Outer/Role/Resource');
    expect(visited.filter((path) => path === 'Shop')).toHaveLength(1);
  });

  it('makes nothing in us-east-1 for a web ACL of yours', () => {
    const app = testApp();
    const stack = new Stack(app, 'Shop', { env: IRELAND });
    const existing = 'arn:aws:wafv2:us-east-1:111111111111:global/webacl/mine/0a1b';
    const logs = new AccessLogBucket(stack, 'Logs', { stage: stages.dev });
    const firewall = new Firewall(stack, 'Firewall', { stage: stages.dev, logs, existing });
    expect(firewall.webAclArn).toBe(existing);
    Template.fromStack(app.node.findChild('ShopEdge') as Stack).resourceCountIs('AWS::WAFv2::WebACL', 0);
  });
});
