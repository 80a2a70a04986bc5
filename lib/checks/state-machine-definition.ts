import { textOf, UNKNOWN } from '../template/literal-text';
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
  return Object.entries(States).flatMap(([name, state]) => {
    const { Branches = [], ItemProcessor, Iterator } = state;
    const within = [...Branches, ItemProcessor ?? Iterator].flatMap((each) =>
      each === undefined ? [] : statesOf(each, [...around, state]),
    );
    return [{ name, state, around }, ...within];
  });
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
  try {
    return JSON.parse(text) as StateMachineDefinition;
  } catch {
    throw new CannotTell('the definition is known only at deployment');
  }
}
