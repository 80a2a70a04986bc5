import { readFileSync } from 'node:fs';
import { join as pathOf } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Dependencies } from '../../../lib/lifecycle/dependencies';
import type { Finding } from '../../../lib/lifecycle/finding';
import { rehearse, type Templates } from '../../../lib/lifecycle/rehearsal';
import { findingsAsText } from '../../../lib/lifecycle/text';
import { TemplateIndex } from '../../../lib/template/template-index';
import { type ResourceDocument, TemplateResource } from '../../../lib/template/template-resource';
import { allow, att, join, ref } from '../checks/literal-fixture';
import { either, found, HERE, RETAINED, type Resources, resource, shop } from './rehearsal-fixture';

/** The templates of before the faults of a rehearsal were fixed: they must go on showing them. */
const FILES = {
  dev: 'before-rehearsal-dev.json',
  prod: 'before-rehearsal-prod.json',
  fargate: 'before-rehearsal-fargate.json',
  'warehouse-8': 'before-rehearsal-warehouse-8.json',
  'warehouse-32': 'before-rehearsal-warehouse-32.json',
} as const;

function stored(name: keyof typeof FILES): Templates {
  const file = pathOf(__dirname, '../../fixtures/lifecycle', FILES[name]);
  return JSON.parse(readFileSync(file, 'utf8')) as Templates;
}

/** Each finding as its weight, its check, how many resources it is at, and the first of them. */
const lines = (findings: readonly Finding[]) =>
  findings.map(({ weight, check, resources }) => {
    const [first] = resources;
    return `${weight} ${check} ${resources.length} ${first?.path}`;
  });

const paths = (findings: readonly Finding[], check: string) =>
  findings.filter((each) => each.check === check).flatMap(({ resources }) => resources.map(({ path }) => path));

describe('the stored templates', () => {
  it('of dev have K1, K2, K8, K11 and K12', () => {
    expect(lines(rehearse(stored('dev')))).toEqual([
      'fault left-by-rollback 2 GenAiRag/Rag/Api/Api/CloudWatchRole/Resource',
      'fault log-delivery-policy 6 DataPipeline/Clickstream/Api/Http/AccessLog/Resource',
      'fault second-copy-collides 22 DataPipeline/Clickstream/Warehouse/Warehouse/connectionlog/Resource',
      'fault late-bound-replaces 2 WebApp/Application/LoginClient/Client/Resource',
      'fault writer-outlives-bucket 2 DataPipeline/Clickstream/Lake/Bucket/Resource',
      'fault writer-outlives-bucket 2 DataPipeline/Clickstream/Failures/Bucket/Resource',
      'notice first-use-of-a-service 6 WebAppData/Data/Database/Cluster/Resource',
      'notice kept 2 GenAiRag/Rag/Api/Api/CloudWatchRole/Resource',
    ]);
  });

  it('of prod have K1, K2, K9, K11 and K12', () => {
    expect(lines(rehearse(stored('prod')))).toEqual([
      'fault retry-collides 5 DataPipeline/Clickstream/Warehouse/Warehouse/connectionlog/Resource',
      'fault left-by-rollback 101 DataPipeline/Clickstream/DataKey/Resource/Resource',
      'fault log-delivery-policy 6 DataPipeline/Clickstream/Api/Http/AccessLog/Resource',
      'fault second-copy-collides 25 DataPipeline/Clickstream/Warehouse/Warehouse/connectionlog/Resource',
      'fault late-bound-replaces 2 WebApp/Application/LoginClient/Client/Resource',
      'fault late-bound-split 2 WebApp/Application/Inspection/Inspector/Role/DefaultPolicy/Resource',
      'fault not-empty 1 DataPipeline/Clickstream/Queries/WorkGroup',
      'fault kept-without-its-parts 22 DataPipeline/Clickstream/Lake/Bucket/Resource',
      'fault kept-without-its-parts 4 WebAppData/Data/Database/Cluster/Subnets/Default',
      'fault kept-without-its-parts 2 WebAppData/Data/Database/SecurityGroup/Resource',
      'fault kept-without-its-parts 2 DataPipeline/Clickstream/Lake/Bucket/Resource',
      'notice first-use-of-a-service 10 WebAppData/Data/Database/Cluster/Resource',
      'notice kept 107 DataPipeline/Clickstream/DataKey/Resource/Resource',
    ]);
  });

  it('of prod collide at a retry and in a second copy with what the review named', () => {
    const findings = rehearse(stored('prod'));
    expect(paths(findings, 'retry-collides')).toContain('WebAppData/Data/Database/Cluster/Resource');
    expect(paths(findings, 'second-copy-collides')).toEqual(
      expect.arrayContaining([
        'EventDriven/Shop/Facts/Bus/Resource',
        'DataPipeline/Clickstream/Queries/WorkGroup',
        'WebAppData/Data/Database/Cluster/Resource',
      ]),
    );
  });

  it('of dev and prod have K7, and more that an update from one to the other replaces', () => {
    const update = rehearse(stored('prod'), { from: stored('dev') }).filter(({ phase }) => phase === 'update');
    expect(lines(update)).toEqual([
      'fault late-bound-replaces 2 WebApp/Application/LoginClient/Client/Resource',
      'fault replacement-collides 1 WebAppData/Data/Cache/Cache',
      'fault data-removed 2 GenAiRag/Rag/KnowledgeBase/VectorStore/Bucket',
      'fault version-keeps-replaced 3 GenAiRag/Rag/Answers/Ask/Function/CurrentVersion/Resource',
      'cannot-tell may-be-replaced 1 WebAppData/Data/Database/Cluster/Writer/Resource',
      'notice data-replaced 1 GenAiRag/Rag/KnowledgeBase/Logs/LogGroup/Resource',
      'notice data-removed 6 DataPipeline/Custom::S3AutoDeleteObjectsCustomResourceProvider/Logs/Resource',
    ]);
  });

  it('of Fargate have K2, K8 and K11', () => {
    expect(lines(rehearse(stored('fargate')))).toEqual([
      'fault second-copy-collides 11 WebApp/Application/Site/SpaRouter/Resource',
      'fault late-bound-replaces 5 WebApp/Application/LoginClient/Client/Resource',
      'fault writer-outlives-bucket 2 WebApp/Application/AccessLogs/Bucket/Resource',
      'notice first-use-of-a-service 9 WebApp/Application/Api/Service/Cluster/Resource',
    ]);
  });

  it('of a warehouse of 8 and of 32 units have K10', () => {
    const update = rehearse(stored('warehouse-32'), { from: stored('warehouse-8') });
    expect(lines(update)).toEqual([
      'fault second-copy-collides 2 ClickstreamWarehouseNamespaceB9F77CF4',
      'fault update-refused 1 ClickstreamWarehouseWorkgroup0E9432C5',
    ]);
  });

  it.each(['dev', 'prod', 'fargate'] as const)('of %s are the same to themselves', (name) => {
    const update = rehearse(stored(name), { from: stored(name) }).filter(({ phase }) => phase === 'update');
    expect(update.map(({ check }) => check)).toEqual(['late-bound-replaces']);
  });

  it('have no line of more than 120 characters, but for a path', () => {
    const text = findingsAsText(rehearse(stored('prod'), { from: stored('dev') }));
    const long = text.split('\n').filter((line) => line.length > 120 && line.trim().includes(' '));
    expect(long).toEqual([]);
  });
});

const Queue = resource('AWS::SQS::Queue');
const Bus = resource('AWS::Events::EventBus', { Name: 'shop' });

it('lists the worst first', () => {
  const Key = resource('AWS::KMS::Key', {}, RETAINED);
  const Later = resource('AWS::Events::EventBus', { Name: ref('Name') });
  const weights = rehearse(shop({ Key, Later, Bus })).map(({ weight }) => weight);
  expect(weights).toEqual(['fault', 'fault', 'cannot-tell', 'notice']);
});

it('lists what it does not judge', () => {
  expect(found(shop({ Queue, It: resource('AWS::New::Thing') }))).toEqual({ 'type-not-known': ['It'] });
});

describe('a condition', () => {
  const parameters = (Default?: string) => ({
    Parameters: { Stage: { Type: 'String', ...(Default === undefined ? {} : { Default }) } },
    Conditions: { IsProd: { 'Fn::Equals': [ref('Stage'), 'prod'] } },
  });
  const conditional: ResourceDocument = { ...Bus, Condition: 'IsProd' };

  it('that does not hold by the defaults takes a resource out', () => {
    expect(found(shop({ Queue, It: conditional }, parameters('dev')))).toEqual({});
    expect(found(shop({ Queue, It: conditional }, parameters('prod')))).toEqual({ 'second-copy-collides': ['It'] });
  });

  it('that only deployment knows leaves it in', () => {
    expect(found(shop({ Queue, It: conditional }, parameters()))).toEqual({ 'second-copy-collides': ['It'] });
    expect(found(shop({ Queue, It: { ...Bus, Condition: 'Here' } }, HERE))).toEqual({ 'second-copy-collides': ['It'] });
  });

  it('chooses a branch, or leaves both', () => {
    const named = (stage?: string) =>
      found(
        shop(
          {
            Queue,
            It: resource('AWS::Events::EventBus', { Name: { 'Fn::If': ['IsProd', 'shop', ref('AWS::StackName')] } }),
          },
          parameters(stage),
        ),
      );
    expect([named('prod'), named('dev'), named()]).toEqual([
      { 'second-copy-collides': ['It'] },
      {},
      { 'cannot-tell-copy': ['It'] },
    ]);
    expect(
      found(shop({ Queue, It: resource('AWS::KMS::Key', {}, { DeletionPolicy: either('Retain', 'Delete') }) }, HERE)),
    ).toEqual({
      'cannot-tell-rollback': ['It'],
    });
  });

  it('that changes changes what is deployed', () => {
    const table = { It: resource('AWS::DynamoDB::Table', {}, { Condition: 'IsProd' }), Queue };
    const both = (from: string, to: string) =>
      found(shop(table, parameters(to)), { from: shop(table, parameters(from)) });
    expect(both('prod', 'dev')).toEqual({ 'data-removed': ['It'] });
    expect(both('prod', 'prod')).toEqual({});
  });
});

describe('a template that no one expects', () => {
  const odd = (value: unknown) => value as ResourceDocument;
  it.each([
    [
      'prototype keys as logical ids',
      { ['__proto__']: Bus, constructor: Bus, hasOwnProperty: { ...Queue, DependsOn: ['toString'] } },
    ],
    ['Properties that are null', { It: odd({ Type: 'AWS::S3::Bucket', Properties: null }) }],
    ['Properties that are a list', { It: odd({ Type: 'AWS::Lambda::Version', Properties: [1, 2] }) }],
    [
      'attributes that are null',
      { It: odd({ Type: 'AWS::RDS::DBCluster', DeletionPolicy: null, DependsOn: null, Metadata: null }) },
    ],
    ['a resource that is null', { It: odd(null), List: odd([]), Text: odd('x') }],
    [
      'intrinsics without arguments',
      {
        It: resource('AWS::S3::Bucket', {
          BucketName: { 'Fn::Sub': null },
          A: { 'Fn::GetAtt': null },
          B: { Ref: null },
          C: { 'Fn::GetStackOutput': null },
          D: { 'Fn::ImportValue': null },
          E: { 'Fn::If': null },
          F: { 'Fn::Select': null },
          G: { 'Fn::FindInMap': 7 },
        }),
      },
    ],
    [
      'policies that are none',
      {
        It: resource('AWS::IAM::Policy', { Roles: null, PolicyDocument: 'x' }),
        Role: resource('AWS::IAM::Role', { Policies: [null, 'x', {}], ManagedPolicyArns: [null] }),
        P: resource('AWS::S3::BucketPolicy', {
          PolicyDocument: { Statement: [null, 'x', { Effect: 'Allow', Action: null }] },
        }),
      },
    ],
    [
      'a condition that is none',
      { It: odd({ ...Bus, Condition: { x: 1 } }), Other: { ...Bus, Condition: 'constructor' } },
    ],
    [
      'indexes and attributes of the wrong kind',
      {
        It: resource('AWS::DynamoDB::Table', { GlobalSecondaryIndexes: 'x' }),
        L: resource('AWS::ElasticLoadBalancingV2::LoadBalancer', { LoadBalancerAttributes: [null, 'x'] }),
      },
    ],
  ] as readonly (readonly [string, Resources])[])('%s', (_, resources) => {
    expect(() => findingsAsText(rehearse(shop(resources), { from: shop(resources) }))).not.toThrow();
    expect(() => rehearse(shop(resources), { from: shop({ Queue }) })).not.toThrow();
  });

  it('has its named resources judged, whatever they are called', () => {
    expect(found(shop({ ['__proto__']: Bus, constructor: Bus, Queue }))).toEqual({
      'second-copy-collides': ['__proto__', 'constructor'],
    });
  });

  it('with circles through outputs, exports and parameters', () => {
    const nested = new Map([['Shop/Nested', { parent: 'Shop', logicalId: 'Nested' }]]);
    const templates: Templates = {
      Shop: {
        Resources: {
          Nested: resource('AWS::CloudFormation::Stack', { Parameters: { P: att('Nested', 'Outputs.Q') } }),
          Bus,
        },
        Outputs: { A: { Value: { 'Fn::ImportValue': 'b' }, Export: { Name: 'a' } } },
      },
      'Shop/Nested': {
        Resources: { It: resource('AWS::SSM::Parameter', { Name: ref('P'), Value: { 'Fn::ImportValue': 'a' } }) },
        Outputs: { Q: { Value: ref('P') } },
      },
      Other: { Resources: { Queue }, Outputs: { B: { Value: { 'Fn::ImportValue': 'a' }, Export: { Name: 'b' } } } },
    };
    expect(() => rehearse(templates, { nested, from: templates })).not.toThrow();
    const selves = new Map([['Shop', { parent: 'Shop', logicalId: 'Nested' }]]);
    expect(() =>
      rehearse({ Shop: { Resources: { Nested: resource('AWS::CloudFormation::Stack') } } }, { nested: selves }),
    ).not.toThrow();
  });

  it('that is empty', () => {
    expect(rehearse({})).toEqual([]);
    expect(rehearse({ Shop: {} }, { from: { Shop: {} } })).toEqual([]);
  });
});

/** Work of a rehearsal of so many groups of six resources: how often it reads properties, and follows references. */
function work(groups: number): number {
  const resources = Array.from({ length: groups }, (_, at): readonly (readonly [string, ResourceDocument])[] => {
    const DependsOn = at === 0 ? [] : [`Table${at - 1}`];
    const statement = allow('s3:*', [att(`Bucket${at}`), `arn:aws:s3:::b${at}/*`]);
    return [
      [`Table${at}`, resource('AWS::DynamoDB::Table', { TableName: `t${at}` }, { ...RETAINED, DependsOn })],
      [`Bucket${at}`, resource('AWS::S3::Bucket', { BucketName: join('b', ref(`Table${at}`)) })],
      [`Key${at}`, resource('AWS::KMS::Key', { Description: ref(`Table${at}`) })],
      [`Emptier${at}`, resource('Custom::S3AutoDeleteObjects', { BucketName: ref(`Bucket${at}`) })],
      [`Policy${at}`, resource('AWS::IAM::Policy', { Roles: ['r'], PolicyDocument: { Statement: statement } })],
      [
        `Stream${at}`,
        resource('AWS::KinesisFirehose::DeliveryStream', {
          S3DestinationConfiguration: { BucketARN: att(`Bucket${at}`) },
        }),
      ],
    ];
  }).flat();
  const all = Object.fromEntries(resources);
  const old = { ...all, Table0: resource('AWS::DynamoDB::Table', { TableName: 'other' }, RETAINED) };
  const properties = vi.spyOn(TemplateResource.prototype, 'properties', 'get');
  const references = vi.spyOn(TemplateIndex.prototype, 'references');
  const dependencies = vi.spyOn(Dependencies.prototype, 'of');
  try {
    rehearse(shop(all), { from: shop(old) });
    return [properties, references, dependencies].reduce((sum, { mock }) => sum + mock.calls.length, 0);
  } finally {
    vi.restoreAllMocks();
  }
}

it('works on each resource a fixed number of times, however large the template is', () => {
  expect(work(400)).toBeLessThan(10.1 * work(40));
});
