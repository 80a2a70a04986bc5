import { AwsError, type LocalInput } from '../../../../local/aws/service';
import { sleep } from '../../../../local/clock/clock';
import { VirtualClock } from '../../../../local/clock/virtual-clock';
import { LocalStateMachine } from '../../../../local/engine/state-machine';

const ARN = 'arn:aws:states:eu-west-1:111122223333:stateMachine:Machine';

/** A DynamoDB call as a task makes it. */
export const PUT = { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:dynamodb:putItem' } as const;
export const ANY = ['States.ALL'];

/** What a definition is made of here. */
export interface Sketch {
  readonly StartAt?: string;
  readonly States: Readonly<Record<string, object>>;
  readonly [field: string]: unknown;
}

/** A state machine whose calls of DynamoDB are answered by a callback, some milliseconds later. */
export class MachineFixture {
  readonly clock = new VirtualClock();
  readonly began = this.clock.now();
  readonly calls: LocalInput[] = [];
  readonly machine: LocalStateMachine;

  constructor(
    definition: Sketch,
    answer: (input: LocalInput, attempt: number) => LocalInput = () => ({}),
    private readonly answerMs = 0,
  ) {
    const [first = ''] = Object.keys(definition.States);
    const whole = { StartAt: first, QueryLanguage: 'JSONata', ...definition };
    this.machine = new LocalStateMachine(ARN, JSON.stringify(whole), {
      clock: this.clock,
      random: () => 0.5,
      onCall: () => undefined,
      dynamodb: {
        call: async (_, input) => {
          this.calls.push(input);
          const attempt = this.calls.length;
          if (this.answerMs > 0) await sleep(this.clock, this.answerMs);
          return answer(input, attempt);
        },
      },
    });
  }

  /** Milliseconds since the beginning. */
  get passed(): number {
    return this.clock.now() - this.began;
  }

  async run(input: unknown = {}, name = 'e1') {
    const execution = await this.clock.during(this.machine.execute(name, input));
    if (execution === undefined) throw new Error('it had run before');
    return execution;
  }

  /** Runs an execution, and throws what it failed with. */
  async succeed(input?: unknown, name?: string): Promise<void> {
    const { error, status } = await this.run(input, name);
    if (status !== 'SUCCEEDED') throw new AwsError(error ?? '', status);
  }
}

/** Fails the first attempts with these codes. */
export const failing =
  (...codes: readonly string[]) =>
  (_: LocalInput, attempt: number): LocalInput => {
    const code = codes[attempt - 1];
    if (code !== undefined) throw new AwsError(code, `The reason for ${code}`);
    return {};
  };
