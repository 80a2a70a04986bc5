import { textOf } from '../../../template/literal-text';
import type { TemplateResource } from '../../../template/template-resource';
import { invocationsIn, mayAsk, modelArn, runningRole, variablesOf } from '../../bedrock-access';
import type { Inventory } from '../../inventory';
import { allows } from '../../policy-holder';
import { mustHold, notApplicable, type Rule } from '../../rule';

/** Where a configuration may be read from instead. */
const STORES = ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath', 'appconfig:GetLatestConfiguration'];

function isConfigured(resource: TemplateResource, role: TemplateResource, inventory: Inventory): boolean {
  const statements = inventory.statementsOf(role);
  const asked = new Set(invocationsIn(role, statements, inventory).map(({ arn }) => arn?.id));
  const named = variablesOf(resource).some(([name, value]) => {
    const text = textOf(value);
    return modelArn(value) !== undefined || asked.has(text) || (/MODEL|PROFILE/i.test(name) && text !== '');
  });
  return named || STORES.some((action) => statements.some((statement) => allows(statement, action)));
}

/** A model change is a parameter: what asks a model gets its id from outside of its code. */
export const bedrockConverseConfigModel: Rule = {
  id: 'bedrock-converse-config-model',
  types: ['AWS::Lambda::Function', 'AWS::ECS::TaskDefinition'],
  check: (resource, inventory) => {
    const role = runningRole(resource, inventory);
    if (role === undefined || !mayAsk(role, inventory)) return notApplicable;
    return mustHold(
      isConfigured(resource, role, inventory),
      'it may ask a model that no variable and no parameter names, so the id is in its code; allowed: a variable with the id of a model or profile',
    );
  },
};
