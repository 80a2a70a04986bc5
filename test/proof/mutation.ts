import type { MutableTemplate } from '../../local/weaken/mutable-template';

/** Takes a handling out of a template, or puts in the fault that a rule is about. */
export type Mutation = (template: MutableTemplate) => void;

/** A statement of a policy, to be changed in place. */
export interface MutableStatement {
  Action: unknown;
  Effect: string;
  Resource: unknown;
  Condition?: unknown;
}

/** A reference to a resource's ARN. */
export function arnOf(template: MutableTemplate, type: string, containing = ''): { readonly 'Fn::GetAtt': string[] } {
  return { 'Fn::GetAtt': [template.id(type, containing), 'Arn'] };
}

/** The statements of the first policy whose logical id contains the text. */
export function statementsOf(template: MutableTemplate, policy: string): MutableStatement[] {
  const document = template.properties('AWS::IAM::Policy', policy)['PolicyDocument'];
  return (document as { Statement: MutableStatement[] }).Statement;
}

/** Adds a statement to a policy. */
export function allow(template: MutableTemplate, policy: string, Action: string, Resource: unknown): void {
  statementsOf(template, policy).push({ Effect: 'Allow', Action, Resource });
}

/** Widens a policy's first statement, which names its actions and resources, to everything of the service. */
export function widen(template: MutableTemplate, policy: string): void {
  const [statement] = statementsOf(template, policy);
  const [action] = [statement?.Action].flat();
  if (statement === undefined || typeof action !== 'string') {
    throw new Error(`${policy} has no statement with actions: the proof is out of date`);
  }
  statement.Action = action.replace(/:.*/, ':*');
  statement.Resource = '*';
}

/** Replaces an action that a policy allows by another. */
export function swapAction(template: MutableTemplate, policy: string, from: string, to: string): void {
  const statements = statementsOf(template, policy).filter(({ Action }) => [Action].flat().includes(from));
  if (statements.length === 0) throw new Error(`${policy} allows no ${from}: the proof is out of date`);
  for (const statement of statements) {
    statement.Action = [statement.Action].flat().map((action) => (action === from ? to : action));
  }
}

/** Takes a member out of every lifecycle rule of a bucket. */
export function dropFromLifecycle(template: MutableTemplate, bucket: string, member: string): void {
  const { Rules } = template.properties('AWS::S3::Bucket', bucket)['LifecycleConfiguration'] as {
    Rules: Record<string, unknown>[];
  };
  for (const rule of Rules) delete rule[member];
}

/** Adds a second customer-managed key beside the pattern's own, in the same construct. */
export function addSecondKey(template: MutableTemplate): void {
  const [[id, key] = []] = template.all('AWS::KMS::Key');
  template.add('SecondKey', 'AWS::KMS::Key', { ...key?.Properties });
  for (const [name, resource] of template.all('AWS::KMS::Key')) {
    if (name !== id && name !== 'SecondKey') continue;
    resource.Metadata = { ...resource.Metadata, 'aws:cdk:path': `Stack/Pattern/${name}/Resource` };
  }
}
