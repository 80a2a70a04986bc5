import { iamNoStaticKeys } from '../../../../../lib/checks/rules/iam/iam-no-static-keys';
import { cases, PARAMETER } from '../../literal-fixture';

const ID = 'AKIAIOSFODNN7EXAMPLE';
const variable = (value: unknown, name = 'KEY') => ({ 'Fn.Environment.Variables': { [name]: value } });

cases(iamNoStaticKeys, { Fn: ['AWS::Lambda::Function', {}] }, [
  ['compliant', 'it holds no key'],
  ['violation', 'it holds one', variable(ID), 'an access key id stands in its properties'],
  ['compliant', 'what it holds is shorter', variable(ID.slice(0, -1))],
  ['compliant', 'what it holds is a key of another kind', variable(`ASIA${ID.slice(4)}`)],
  ['violation', 'it takes an id', variable(PARAMETER, 'AWS_ACCESS_KEY_ID'), 'a variable passes an access key'],
  ['violation', 'it takes a key', variable(PARAMETER, 'AWS_SECRET_ACCESS_KEY'), 'a variable passes an access key'],
  ['compliant', 'it takes another one', variable(PARAMETER, 'MY_AWS_SECRET_ACCESS_KEY')],
]);
cases(iamNoStaticKeys, { Task: ['AWS::ECS::TaskDefinition', { ContainerDefinitions: [{ Command: ['run', ID] }] }] }, [
  ['violation', 'it is told one', {}, 'an access key id'],
]);
