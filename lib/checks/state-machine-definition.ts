import { textOf, UNKNOWN } from '../template/literal-text';
import { listOf } from '../template/policy-statements';
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
  /** Of a Parallel state. */
  readonly Branches?: readonly StateMachineDefinition[];
  /** Of a Map state; `Iterator` is its old name. */
  readonly ItemProcessor?: StateMachineDefinition;
  readonly Iterator?: StateMachineDefinition;
}

/** A state with its name, and the Parallel and Map states around it, the outermost first. */
export interface PlacedState {
  readonly name: string;
  readonly state: StateDefinition;
  readonly around: readonly StateDefinition[];
}

/** Every state, those within Parallel and Map states too. */
export function statesOf(
  { States }: StateMachineDefinition,
  around: readonly StateDefinition[] = [],
): readonly PlacedState[] {
  if (!isMap(States)) throw new CannotTell('the definition has no States');
  return Object.entries(States).flatMap(([name, state]) => {
    if (!isMap(state)) throw new CannotTell(`the state ${name} is no map`);
    const { Branches, ItemProcessor, Iterator } = state;
    const within = [...listOf(Branches), ItemProcessor ?? Iterator].filter(isMap) as readonly StateMachineDefinition[];
    return [{ name, state, around }, ...within.flatMap((each) => statesOf(each, [...around, state]))];
  });
}

/** What a stranger's definition has in place of a map is anything. */
function isMap(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads a state machine's definition, with references left blank.
 *
 * @throws CannotTell for a definition in S3, or text that is no JSON once its references are blank
 */
export function definitionOf(machine: TemplateResource): StateMachineDefinition {
  const value = machine.get('DefinitionString') ?? machine.get('Definition');
  const text =
    typeof value === 'object' && !isIntrinsic(value)
      ? JSON.stringify(value)
      : textOf(value).replaceAll(UNKNOWN, 'reference');
  let definition: unknown;
  try {
    definition = JSON.parse(text);
  } catch {
    throw new CannotTell('the definition is known only at deployment');
  }
  if (!isMap(definition)) throw new CannotTell('the definition is no map');
  return definition as StateMachineDefinition;
}
