import { Size } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { FARGATE_MEMORY } from '../facts/fargate-sizes';
import { refuse } from '../validation/refuse';

/** CPU units and memory of a task. */
export interface TaskSize {
  /** 1,024 units are one vCPU. 256, 512, 1024, 2048, 4096, 8192 or 16384. @default 256 */
  readonly cpu?: number;
  /** What Fargate has for that many CPU units, such as 512 MiB to 2 GiB for 256. @default Size.mebibytes(512) */
  readonly memory?: Size;
}

/** @throws RefusedValueError for a size that Fargate does not have. */
export function taskSize(scope: IConstruct, { cpu = 256, memory }: TaskSize): { cpu: number; memoryMib: number } {
  const range = FARGATE_MEMORY[cpu];
  if (range === undefined) {
    return refuse(scope, {
      prop: 'cpu',
      value: cpu,
      allowed: `${Object.keys(FARGATE_MEMORY).join(', ')} CPU units`,
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
