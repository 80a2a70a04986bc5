import { textOf, UNKNOWN } from '../template/literal-text';
import type { Statement } from '../template/policy-statements';
import { CannotTell, type TemplateResource } from '../template/template-resource';
import type { Inventory } from './inventory';

const GUARDRAIL = 'AWS::Bedrock::Guardrail';
const VERSION = 'AWS::Bedrock::GuardrailVersion';
const KEY = 'bedrock:guardrailidentifier';
/** Operators that hold for the named guardrail alone, in an allow; and for every other or none, in a deny. */
const NAMES = /^(String|Arn)(Equals|Like)$/;
const NAMES_NOT = /^(String|Arn)Not(Equals|Like)(IfExists)?$/;

/**
 * Tells whether a value ends in the number of a version. `Version` of a guardrail itself is always DRAFT (AWS: CloudFormation,
 * AWS::Bedrock::Guardrail), and so is an ARN without one (AWS: Bedrock, enforce the use of specific guardrails).
 *
 * @param from the resource that has the value
 * @throws CannotTell for what only deployment knows
 */
export function isNumbered(from: TemplateResource, value: unknown, inventory: Inventory): boolean {
  const text = textOf(value);
  if (!text.endsWith(UNKNOWN)) return /^(.*:)?(\d+|\?{1,4}|\*)$/s.test(text) && text !== '*';
  const last = [...inventory.references(from, value)].at(-1);
  if (last?.resource.type === VERSION && last.attribute === 'Version') return true;
  if (last?.resource.type === GUARDRAIL) return false;
  throw new CannotTell("the guardrail's version is known only at deployment");
}

/** Values that a statement's condition asks the guardrail to be, or not to be. */
function guardrailsIn(statement: Statement, operator: RegExp): readonly unknown[] {
  return Object.entries(statement.condition).flatMap(([name, keys]) =>
    operator.test(name)
      ? Object.entries(keys ?? {}).flatMap(([key, value]) => (key.toLowerCase() === KEY ? [value].flat() : []))
      : [],
  );
}

/** Guardrails with which alone a statement lets ask a model. */
export const allowedGuardrails = (statement: Statement): readonly unknown[] => guardrailsIn(statement, NAMES);

/** Guardrails without which a statement lets no one ask a model. */
export const demandedGuardrails = (statement: Statement): readonly unknown[] => guardrailsIn(statement, NAMES_NOT);
