import { Size } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { refuse } from '../validation/refuse';

/** CPU units and memory of a task. */
export interface TaskSize {
  /** 1,024 units are one vCPU. 256, 512, 1024, 2048, 4096, 8192 or 16384. @default 256 */
  readonly cpu?: number;
  /** What Fargate has for that many CPU units, such as 512 MiB to 2 GiB for 256. @default Size.mebibytes(512) */
  readonly memory?: Size;
}

/** MiB that Fargate has for CPU units: the least, the most and the step (AWS: Fargate task CPU and memory). */
const MEMORY: Readonly<Record<number, readonly [least: number, most: number, step: number]>> = {
  256: [512, 2048, 512],
  512: [1024, 4096, 1024],
  1024: [2048, 8192, 1024],
  2048: [4096, 16_384, 1024],
  4096: [8192, 30_720, 1024],
  8192: [16_384, 61_440, 4096],
  16384: [32_768, 122_880, 8192],
};

/** @throws RefusedValueError for a size that Fargate does not have. */
export function taskSize(scope: IConstruct, { cpu = 256, memory }: TaskSize): { cpu: number; memoryMib: number } {
  const range = MEMORY[cpu];
  if (range === undefined) {
    return refuse(scope, {
      prop: 'cpu',
      value: cpu,
      allowed: `${Object.keys(MEMORY).join(', ')} CPU units`,
      fix: 'choose one of them: 1024 is one vCPU, and Node.js runs JavaScript on one vCPU only',
    });
  }
  const [least, most, step] = range;
  const memoryMib = (memory ?? Size.mebibytes(Math.max(least, 512))).toMebibytes();
  // 1.5 GiB is no size of 256 units: it has 0.5, 1 and 2 GiB.
  const stepped = (memoryMib - least) % step === 0 && !(cpu === 256 && memoryMib === 1536);
  if (memoryMib < least || memoryMib > most || !stepped) {
    refuse(scope, {
      prop: 'memory',
      value: `${memoryMib} MiB`,
      allowed: `with ${cpu} CPU units ${least} to ${most} MiB in steps of ${step}${cpu === 256 ? ', but not 1536' : ''}`,
      fix: 'choose a size in that range, or other CPU units',
    });
  }
  return { cpu, memoryMib };
}
