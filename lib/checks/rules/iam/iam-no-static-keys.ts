import { type Rule, verdict } from '../../rule';

/** No access keys in code or environment. */
export const iamNoStaticKeys: Rule = {
  id: 'iam-no-static-keys',
  types: ['AWS::Lambda::Function', 'AWS::ECS::TaskDefinition'],
  check: (workload) => {
    const text = JSON.stringify(workload.properties);
    return verdict([
      /AKIA[0-9A-Z]{16}/.test(text) && 'an access key id stands in its properties',
      /"AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)"/.test(text) && 'a variable passes an access key',
    ]);
  },
};
