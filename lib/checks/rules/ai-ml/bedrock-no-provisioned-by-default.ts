import { CannotTell } from '../../../template/template-resource';
import { invocationsIn, isUnknown } from '../../bedrock-access';
import { allows, ownStatements, POLICY_HOLDERS } from '../../policy-holder';
import { notApplicable, type Rule, verdict } from '../../rule';

const BUYS = 'bedrock:CreateProvisionedModelThroughput';

/**
 * Provisioned throughput only for steady load. CloudFormation has no such resource: it shows in who may buy it, and in who may
 * use it.
 */
export const bedrockNoProvisionedByDefault: Rule = {
  id: 'bedrock-no-provisioned-by-default',
  title: 'Models are called on demand, not by provisioned throughput',
  why: 'Provisioned throughput bills each model unit by the hour, used or not, and a commitment runs for one or six months. On demand you pay for tokens alone.',
  fix: 'Name a foundation model or an inference profile in the policy, and take bedrock:CreateProvisionedModelThroughput out of it.',
  severity: 'warning',
  profile: 'cost',
  address: 'https://docs.aws.amazon.com/bedrock/latest/userguide/prov-throughput.html',
  example: {
    fixed: {
      Policy: {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          PolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Action: ['bedrock:InvokeModel'],
                Resource: 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0',
              },
            ],
          },
        },
      },
    },
    broken: [
      {
        'Policy.Properties.PolicyDocument.Statement.0.Resource':
          'arn:aws:bedrock:eu-west-1:111122223333:provisioned-model/abcdefghijkl',
      },
      { 'Policy.Properties.PolicyDocument.Statement.0.Action.1': 'bedrock:CreateProvisionedModelThroughput' },
    ],
  },
  types: POLICY_HOLDERS,
  check: (holder, inventory) => {
    const statements = ownStatements(holder);
    const buying = statements.some((statement) => allows(statement, BUYS));
    const asked = invocationsIn(holder, statements, inventory);
    if (!buying && asked.length === 0) return notApplicable;
    const found = verdict([
      buying && `${BUYS} is allowed, which bills by the hour; allowed: models on demand`,
      ...asked.map(
        ({ arn }) => arn?.kind === 'provisioned-model' && `${arn.id} bills by the hour; allowed: models on demand`,
      ),
    ]);
    if (found.kind === 'compliant' && asked.some(isUnknown))
      throw new CannotTell('a model is known only at deployment');
    return found;
  },
};
