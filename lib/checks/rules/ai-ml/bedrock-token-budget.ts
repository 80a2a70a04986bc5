import { textOf, UNKNOWN } from '../../../template/literal-text';
import { CannotTell, type TemplateResource } from '../../../template/template-resource';
import { metricsOf } from '../../alarms';
import { invocationsIn, mayAsk, runningRole, variablesOf } from '../../bedrock-access';
import type { Inventory } from '../../inventory';
import { notApplicable, type Rule, verdict } from '../../rule';

/** What AWS measures of a model (AWS: Bedrock, monitoring with CloudWatch). */
const METRICS = ['InputTokenCount', 'OutputTokenCount', 'InvocationThrottles'];

/** Whether an alarm watches a metric: of all models together, or of one that what runs may ask. */
function watches(
  alarm: TemplateResource,
  metric: string,
  models: ReadonlySet<string>,
  variables: ReadonlySet<string>,
): boolean {
  return metricsOf(alarm).some(({ Namespace, MetricName, Dimensions }) => {
    if (Namespace !== 'AWS/Bedrock' || MetricName !== metric) return false;
    const model = Dimensions.find(({ Name }) => Name === 'ModelId')?.Value;
    if (model === undefined || variables.has(JSON.stringify(model))) return true;
    const text = textOf(model);
    if (models.has(text.split('/').at(-1) ?? '')) return true;
    if (text.includes(UNKNOWN)) throw new CannotTell('the model of an alarm is known only at deployment');
    return false;
  });
}

function modelsOf(role: TemplateResource, inventory: Inventory): ReadonlySet<string> {
  const asked = invocationsIn(role, inventory.statementsOf(role), inventory);
  return new Set(asked.flatMap(({ arn }) => arn?.id ?? []));
}

/** Tokens are the bill: watch them, and what is refused. That a request is bounded is for a test of its code. */
export const bedrockTokenBudget: Rule = {
  id: 'bedrock-token-budget',
  title: 'Alarms watch the tokens in, the tokens out and the throttles of each model in use',
  why: 'Bedrock bills by the token, and a loop or a flood of long questions spends a month of budget in hours. Throttled calls are what users then see as errors.',
  fix: 'Add CloudWatch alarms on InputTokenCount, OutputTokenCount and InvocationThrottles of AWS/Bedrock, with the ModelId that the code uses.',
  severity: 'warning',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-runtime-metrics.html',
  example: {
    fixed: {
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } },
      },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Policies: [
            {
              PolicyName: 'ask',
              PolicyDocument: {
                Statement: [
                  {
                    Effect: 'Allow',
                    Action: 'bedrock:InvokeModel',
                    Resource: 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0',
                  },
                ],
              },
            },
          ],
        },
      },
      TokensIn: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Bedrock',
          MetricName: 'InputTokenCount',
          Dimensions: [{ Name: 'ModelId', Value: 'amazon.nova-lite-v1:0' }],
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: 1_000_000,
        },
      },
      TokensOut: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Bedrock',
          MetricName: 'OutputTokenCount',
          Dimensions: [{ Name: 'ModelId', Value: 'amazon.nova-lite-v1:0' }],
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: 200_000,
        },
      },
      Throttled: {
        Type: 'AWS::CloudWatch::Alarm',
        Properties: {
          Namespace: 'AWS/Bedrock',
          MetricName: 'InvocationThrottles',
          Dimensions: [{ Name: 'ModelId', Value: 'amazon.nova-lite-v1:0' }],
          ComparisonOperator: 'GreaterThanThreshold',
          Threshold: 0,
        },
      },
    },
    broken: [
      { TokensIn: null },
      { TokensOut: null },
      { Throttled: null },
      { 'TokensIn.Properties.Dimensions.0.Value': 'amazon.nova-pro-v1:0' },
    ],
  },
  types: ['AWS::Lambda::Function', 'AWS::ECS::TaskDefinition'],
  check: (resource, inventory) => {
    const role = runningRole(resource, inventory);
    if (role === undefined || !mayAsk(role, inventory)) return notApplicable;
    const models = modelsOf(role, inventory);
    const variables = new Set(variablesOf(resource).map(([, value]) => JSON.stringify(value)));
    const alarms = inventory.ofType('AWS::CloudWatch::Alarm');
    return verdict(
      METRICS.map(
        (metric) =>
          !alarms.some((alarm) => watches(alarm, metric, models, variables)) &&
          `no alarm on AWS/Bedrock ${metric} of the model that it asks`,
      ),
    );
  },
};
