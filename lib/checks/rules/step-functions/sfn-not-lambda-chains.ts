import { permits } from '../../policy-holder';
import { isDeploymentHelper, mustHold, notApplicable, type Rule } from '../../rule';

export const sfnNotLambdaChains: Rule = {
  id: 'sfn-not-lambda-chains',
  title: 'A function does not invoke another function',
  why: 'The first function is billed while it waits for the second. When one of them times out or is throttled, nothing knows which step was reached, or repeats it.',
  fix: 'Put the steps into an AWS::StepFunctions::StateMachine, or a queue or an event between the functions, and take lambda:InvokeFunction out of the role.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/lambda/latest/dg/concepts-event-driven-architectures.html',
  example: {
    fixed: {
      Order: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Policies: [
            {
              PolicyName: 'order',
              PolicyDocument: {
                Version: '2012-10-17',
                Statement: [{ Effect: 'Allow', Action: 'states:StartExecution', Resource: { Ref: 'StateMachine' } }],
              },
            },
          ],
        },
      },
      StateMachine: {
        Type: 'AWS::StepFunctions::StateMachine',
        Properties: {
          Definition: {
            StartAt: 'Bill',
            States: { Bill: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true } },
          },
        },
      },
      Bill: { Type: 'AWS::Lambda::Function', Properties: { Timeout: 30 } },
    },
    broken: [
      {
        'Role.Properties.Policies.0.PolicyDocument.Statement.0': {
          Effect: 'Allow',
          Action: 'lambda:InvokeFunction',
          Resource: { 'Fn::GetAtt': ['Bill', 'Arn'] },
        },
      },
      {
        'Role.Properties.Policies.0.PolicyDocument.Statement.0': {
          Effect: 'Allow',
          Action: 'lambda:Invoke*',
          Resource: { 'Fn::GetAtt': ['Bill', 'Arn'] },
        },
      },
    ],
  },
  types: ['AWS::Lambda::Function'],
  check: (fn, inventory) => {
    if (isDeploymentHelper(fn) || inventory.referent(fn, fn.get('Role')) === undefined) return notApplicable;
    const called = inventory
      .statementsOf(inventory.roleOf(fn))
      .filter((statement) => permits(statement, 'lambda:InvokeFunction'))
      .flatMap(({ resources }) => resources.map((resource) => inventory.referent(fn, resource)));
    return mustHold(
      !called.some((each) => each?.type.startsWith('AWS::Lambda::') === true && each !== fn),
      'the function may invoke another function; allowed: a state machine, a queue or an event between them',
    );
  },
};
