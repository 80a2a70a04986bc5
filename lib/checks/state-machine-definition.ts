import { CannotTell, isIntrinsic, type TemplateResource } from '../template/template-resource';

/** A state machine in the Amazon States Language, as far as rules look at it. */
export interface StateMachineDefinition {
  readonly TimeoutSeconds?: number;
  readonly States: Readonly<Record<string, StateDefinition>>;
}

/** One state. */
export interface StateDefinition {
  readonly Type: string;
  readonly Resource?: string;
  readonly Retry?: unknown;
  readonly Catch?: unknown;
}

/**
 * Reads a state machine's definition, with references left blank.
 *
 * @throws CannotTell for a definition in S3, or text that is no JSON once its references are blank
 */
export function definitionOf(machine: TemplateResource): StateMachineDefinition {
  const value = machine.get('DefinitionString') ?? machine.get('Definition');
  const text = typeof value === 'object' && !isIntrinsic(value) ? JSON.stringify(value) : plainText(value);
  try {
    return JSON.parse(text) as StateMachineDefinition;
  } catch {
    throw new CannotTell('the definition is known only at deployment');
  }
}

function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  const [separator, parts] = ((value as { 'Fn::Join'?: [string, unknown[]] } | undefined)?.['Fn::Join'] ?? [
    '',
    [],
  ]) as [string, unknown[]];
  return parts.map((part) => (typeof part === 'string' ? part : 'reference')).join(separator);
}
