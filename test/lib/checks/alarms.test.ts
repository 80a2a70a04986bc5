import { describe, expect, it } from 'vitest';
import { Alarms } from '../../../lib/checks/alarms';
import { alarm, inventoryOf, type Literals, PARAMETER, ref, resourceIn } from './literal-fixture';

const LITERALS: Literals = {
  Fn: ['AWS::Lambda::Function'],
  Other: ['AWS::Lambda::Function'],
  Api: ['AWS::ApiGateway::RestApi', { Name: 'shop' }],
  OfFn: alarm('AWS/Lambda', 'Errors', ref('Fn')),
  OfName: alarm('AWS/ApiGateway', 'Count', 'shop'),
  OfAccount: alarm('AWS/Lambda', 'Errors'),
  Open: ['AWS::CloudWatch::Alarm', { Namespace: 'AWS/Lambda', MetricName: 'Errors', Dimensions: PARAMETER }],
  Within: [
    'AWS::CloudWatch::Alarm',
    {
      Metrics: [
        {
          MetricStat: {
            Metric: {
              Namespace: 'AWS/Lambda',
              MetricName: 'Errors',
              Dimensions: [{ Value: ref('Fn') }, { Value: ref('Fn') }],
            },
          },
        },
      ],
    },
  ],
};
const inventory = inventoryOf(LITERALS);
const alarms = new Alarms(inventory.ofType('AWS::CloudWatch::Alarm'), (from, value) => inventory.referent(from, value));
const on = (namespace: string, metric: string, id?: string) =>
  alarms
    .on(namespace, metric, id === undefined ? undefined : resourceIn(inventory, id))
    .map(({ logicalId }) => logicalId);

describe('alarms', () => {
  it('are found by the metric and the resource, also within expressions, each once', () => {
    expect(on('AWS/Lambda', 'Errors', 'Fn')).toEqual(['OfFn', 'Within']);
    expect(on('AWS/Lambda', 'Errors', 'Other')).toEqual([]);
    expect(on('AWS/Lambda', 'Throttles', 'Fn')).toEqual([]);
    expect(on('AWS/SQS', 'Errors', 'Fn')).toEqual([]);
  });

  it('are found by the name of a REST API, and without dimensions by the account', () => {
    expect(on('AWS/ApiGateway', 'Count', 'Api')).toEqual(['OfName']);
    expect(on('AWS/Lambda', 'Errors')).toEqual(['OfAccount']);
  });
});
