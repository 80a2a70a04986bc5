import { Stack } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { warn } from '../validation/refuse';

/**
 * Lets services use a key. The policy of an imported key cannot be changed from here: a warning has the statements that it needs, to paste
 * into it.
 *
 * @param consequence what happens without them, for the warning
 */
export function letUseKey(
  scope: Construct,
  key: IKey,
  statements: readonly PolicyStatement[],
  consequence: string,
): void {
  const missing = statements.filter((statement) => !key.addToResourcePolicy(statement).statementAdded);
  if (missing.length === 0) return;
  const stack = Stack.of(scope);
  const pasted = missing.map((statement) => JSON.stringify(asText(stack.resolve(statement.toStatementJson()))));
  warn(
    scope,
    'kms-fanout-key-policy',
    `The policy of the imported key cannot be changed here. Add these statements to it, or ${consequence} ` +
      `(replace what is in angle brackets):\n${pasted.join(',\n')}`,
  );
}

/** A resolved value with `<AWS::Region>` for what the deployment alone knows. */
function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asText);
  if (typeof value !== 'object' || value === null) return value;
  const [[name, given] = [], ...more] = Object.entries(value);
  if (more.length === 0 && name === 'Ref') return `<${String(given)}>`;
  if (more.length === 0 && name === 'Fn::Join' && Array.isArray(given)) {
    const [separator, parts] = given as [string, readonly unknown[]];
    return parts.map((part) => String(asText(part))).join(separator);
  }
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, asText(member)]));
}
