import type { MutableTemplate } from '../../../local/weaken/mutable-template';

const POLICY = 'AWS::IAM::Policy';
const FUNCTION = 'AWS::Lambda::Function';
const KEY = 'bedrock:GuardrailIdentifier';
/** Part of the logical ids of what asks a model. */
export const subject = 'Ask';

export interface Statement {
  Action: unknown;
  Resource: unknown;
  Effect: string;
  Condition?: Record<string, Record<string, unknown>>;
}
/** The statement that lets the function ask its model. */
export function asking(t: MutableTemplate): Statement {
  const { Statement } = t.properties(POLICY, subject)['PolicyDocument'] as { Statement: Statement[] };
  const [found] = Statement.filter(({ Action }) => JSON.stringify(Action).includes('InvokeModel'));
  if (found === undefined) throw new Error('nothing asks');
  return found;
}
export const condition = (value: unknown) => (t: MutableTemplate) => {
  asking(t).Condition = value as NonNullable<Statement['Condition']>;
};
export const only = (value: unknown) => condition({ StringEquals: { [KEY]: value } });
export const resource =
  (...value: unknown[]) =>
  (t: MutableTemplate) => {
    asking(t).Resource = value;
  };
export const variables = (value: unknown) => (t: MutableTemplate) =>
  t.set(FUNCTION, 'Environment.Variables', value, subject);
export const arn = (kind: string, id: string, region = 'eu-west-1') =>
  `arn:aws:bedrock:${region}:${kind === 'foundation-model' ? '' : '111122223333'}:${kind}/${id}`;
export const guarded = { 'Fn::GetAtt': ['Guard', 'GuardrailArn'] };
