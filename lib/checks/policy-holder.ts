import { type Statement, statementsIn } from '../template/policy-statements';
import type { TemplateResource } from '../template/template-resource';
import type { Inventory } from './inventory';

const ROLE = 'AWS::IAM::Role';

/** Resources that hold statements of IAM. */
export const POLICY_HOLDERS = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', ROLE];

/** Policy documents that a policy, or a role inline, holds itself. */
export function documentsOf(holder: TemplateResource): readonly unknown[] {
  if (holder.type !== ROLE) return [holder.get('PolicyDocument')];
  return holder.maps<{ PolicyDocument?: unknown }>('Policies').map(({ PolicyDocument }) => PolicyDocument);
}

/** Statements of {@link documentsOf}. */
export function ownStatements(holder: TemplateResource): readonly Statement[] {
  return documentsOf(holder).flatMap(statementsIn);
}

/** Roles in these templates that a policy acts on; a role acts on itself. */
export function rolesOf(holder: TemplateResource, inventory: Inventory): readonly TemplateResource[] {
  if (holder.type === ROLE) return [holder];
  const named = holder.list('Roles').map((each) => inventory.referent(holder, each));
  return named.filter((role) => role?.type === ROLE) as TemplateResource[];
}

/** Sets of statements that act together with those of a policy: one for each role, or its own alone. */
export function actingTogether(holder: TemplateResource, inventory: Inventory): readonly (readonly Statement[])[] {
  const roles = rolesOf(holder, inventory);
  return roles.length === 0 ? [ownStatements(holder)] : roles.map((role) => inventory.statementsOf(role));
}

/** Tells whether a pattern of IAM, with `*` and `?`, matches a text. Actions are compared without regard to case. */
export function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, 'is').test(text);
}

/** Tells whether a statement allows an action by name or pattern, `*` alone among them, or by `NotAction` that does not list it. */
export function permits({ effect, actions, inverted, exceptedActions }: Statement, action: string): boolean {
  const isListed = (list: readonly string[]) => list.some((each) => matches(each, action));
  return effect === 'Allow' && (inverted.includes('NotAction') ? !isListed(exceptedActions) : isListed(actions));
}

/** Tells whether a statement allows an action by name or pattern; `*` alone is everything, and no rule's of its own. */
export function allows({ effect, actions }: Statement, action: string): boolean {
  return effect === 'Allow' && actions.some((each) => each !== '*' && matches(each, action));
}
