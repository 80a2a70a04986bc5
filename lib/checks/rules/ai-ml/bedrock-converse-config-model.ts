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

export const bedrockConverseConfigModel: Rule = {
  id: 'bedrock-converse-config-model',
  title: 'What calls a model reads its id from a variable or a parameter',
  why: 'Bedrock ends models, some a year after they came. With the id in the code, changing to another model is a change, a review and a release of every function that names it.',
  fix: 'Set an environment variable such as MODEL_ID to the id of the model or inference profile, or let the role read it from SSM Parameter Store.',
  severity: 'advice',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference.html',
  example: {
    fixed: {
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          Environment: { Variables: { MODEL_ID: 'amazon.nova-lite-v1:0' } },
        },
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
    },
    broken: [
      { 'Function.Properties.Environment': null },
      { 'Function.Properties.Environment.Variables.MODEL_ID': '' },
      { 'Function.Properties.Environment.Variables': { TABLE_NAME: 'orders' } },
    ],
  },
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
