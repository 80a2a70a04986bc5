import { describe, expect, it } from 'vitest';
import { FARGATE_MEMORY } from '../../../lib/facts/fargate-sizes';

describe('sizes of a Fargate task', () => {
  it.each(Object.entries(FARGATE_MEMORY))('of %s CPU units go up in whole steps', (cpu, [least, most, step]) => {
    expect((most - least) % step).toBe(0);
    expect(least).toBeLessThan(most);
    // 2 GiB or more for each vCPU (AWS: Fargate task CPU and memory).
    expect(least).toBe(2 * Number(cpu));
  });

  it('are for twice as many CPU units each time', () => {
    const units = Object.keys(FARGATE_MEMORY).map(Number);
    expect(units).toEqual(units.map((_, index) => 256 * 2 ** index));
  });
});
