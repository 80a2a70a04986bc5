import { sfnNotLambdaChains } from '../../../../../lib/checks/rules/step-functions/sfn-not-lambda-chains';
import { allow, att, type Case, cases, type Literals, ref, role } from '../../literal-fixture';

const fn: Literals = {
  Fn: ['AWS::Lambda::Function', { Role: att('Role') }],
  Other: ['AWS::Lambda::Function', {}],
  Alias: ['AWS::Lambda::Alias', {}],
  Queue: ['AWS::SQS::Queue', {}],
  Role: role(allow('lambda:InvokeFunction', att('Other'))),
};
const says = 'the function may invoke another function; allowed: a state machine, a queue or an event between them';
const may = (action: string, ...resources: unknown[]) => ({ Role: role(allow(action, resources)) });

cases(sfnNotLambdaChains, fn, [
  ['violation', 'it may call another', {}, says],
  ...['lambda:*', 'lambda:Invoke*', '*'].map(
    (action): Case => ['violation', `it may ${action}`, may(action, att('Other')), says],
  ),
  ['violation', 'one of two is another', may('lambda:InvokeFunction', att('Queue'), ref('Alias')), says],
  ['compliant', 'it may call itself', may('lambda:InvokeFunction', att('Fn'))],
  ['compliant', 'it may call something else', may('lambda:InvokeFunction', att('Queue'))],
  ['compliant', 'it may look at another', may('lambda:GetFunction', att('Other'))],
  ['compliant', 'it may not', { Role: role({ ...allow('lambda:*', att('Other')), Effect: 'Deny' }) }],
  ['not-applicable', 'CDK runs it', { 'Fn.Handler': 'framework.onEvent' }],
  ['not-applicable', 'its role is elsewhere', { 'Fn.Role': 'theirs' }],
]);
