import { textOf, UNKNOWN } from '../../../template/literal-text';
import { CannotTell, type TemplateResource } from '../../../template/template-resource';
import { invocationsIn, mayAsk, runningRole, variablesOf } from '../../bedrock-access';
import { type Inventory, metricsOf } from '../../inventory';
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
  return metricsOf(alarm).some(({ Namespace, MetricName, Dimensions = [] }) => {
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
