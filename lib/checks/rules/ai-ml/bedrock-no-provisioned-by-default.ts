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
