import { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnNatGateway } from 'aws-cdk-lib/aws-ec2';
import type { Alarms } from '../alarms';
import { watchNat } from '../database-alarms';
import { watchDistribution } from '../distribution-alarms';
import { distributionMetric } from '../distribution-metric';
import type { WatchedKind } from './watched-kind';

const sum = { statistic: Stats.SUM };
const p99 = { statistic: 'p99' };

/** An API without a stage of its own answers no one yet. */
const apis: WatchedKind = {
  types: ['AWS::ApiGatewayV2::Api', 'AWS::ApiGateway::RestApi'],
  find: (api) => {
    const title = 'Other APIs';
    if (api instanceof HttpApi && api.defaultStage !== undefined) {
      const graphs = {
        Requests: api.metricCount({ statistic: Stats.SAMPLE_COUNT }),
        'Client errors (4xx)': api.metricClientError(),
        'Server errors (5xx)': api.metricServerError(),
        'Latency p99': api.metricLatency(p99),
      };
      const watch = (alarms: Alarms, id: string) => alarms.watchHttpApi(api, undefined, id);
      return { resource: api, watch, row: { title, name: api.apiId, graphs } };
    }
    if (!(api instanceof RestApi) || api.deploymentStage === undefined) return undefined;
    const stage = api.deploymentStage;
    return {
      resource: api,
      watch: (alarms, id) => alarms.watchRestApi(api, undefined, undefined, id),
      row: {
        title,
        name: api.restApiName,
        graphs: {
          Requests: stage.metricCount(sum),
          'Client errors (4xx)': stage.metricClientError(),
          'Server errors (5xx)': stage.metricServerError(),
          'Latency p99': stage.metricLatency(p99),
        },
      },
    };
  },
};

const distributions: WatchedKind = {
  types: ['AWS::CloudFront::Distribution'],
  find: (distribution) => {
    if (!(distribution instanceof Distribution)) return undefined;
    return {
      resource: distribution,
      watch: (alarms, id) => watchDistribution(alarms, id, distribution),
      row: {
        title: 'Distributions',
        name: distribution.distributionId,
        graphs: {
          Requests: distributionMetric(distribution, 'Requests'),
          'Client errors (4xx, %)': distributionMetric(distribution, '4xxErrorRate'),
          'Server errors (5xx, %)': distributionMetric(distribution, '5xxErrorRate'),
          'Bytes downloaded': distributionMetric(distribution, 'BytesDownloaded'),
        },
      },
    };
  },
};

/** Its alarms are on its bill and its ports: there is nothing to see in a row. */
const natGateways: WatchedKind = {
  types: ['AWS::EC2::NatGateway'],
  find: (gateway) =>
    CfnNatGateway.isCfnNatGateway(gateway)
      ? { resource: gateway, watch: (alarms, id) => watchNat(alarms, id, gateway) }
      : undefined,
};

/** What requests come by, and traffic goes out by. */
export const NETWORK: readonly WatchedKind[] = [apis, distributions, natGateways];
