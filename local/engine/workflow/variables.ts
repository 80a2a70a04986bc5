import { exceeds } from '../../limits/limit';
import { STEP_FUNCTIONS_LIMITS } from '../../limits/step-functions';
import { beyond } from './state-error';

const { rows: LIMITS } = STEP_FUNCTIONS_LIMITS;

/** The variables of an execution (docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html). */
export class Variables {
  private stored: Readonly<Record<string, unknown>> = {};
  private readonly bytes = new Map<string, number>();

  get values(): Readonly<Record<string, unknown>> {
    return this.stored;
  }

  /** @throws StateError when they are too large; AWS's page does not name the error */
  assign(values: Readonly<Record<string, unknown>>): void {
    const sizes = Object.entries(values).map(
      ([name, value]) => [name, Buffer.byteLength(JSON.stringify(value))] as const,
    );
    if (exceeds(LIMITS.variables, sum(sizes.map(([, size]) => size)))) throw beyond(LIMITS.variables);
    for (const [name, size] of sizes) this.bytes.set(name, size);
    if (exceeds(LIMITS.storedVariables, sum([...this.bytes.values()]))) throw beyond(LIMITS.storedVariables);
    this.stored = { ...this.stored, ...values };
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
