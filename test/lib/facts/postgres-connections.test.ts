import { describe, expect, it } from 'vitest';
import { maxConnections } from '../../../lib/facts/postgres-connections';

describe('connections that Aurora PostgreSQL takes', () => {
  it.each([
    [1, 1, 189],
    [1, 2, 400],
    [1, 4, 823],
    [1, 8, 1669],
    [1, 16, 3360],
    [1, 32, 5000],
    [1, 256, 5000],
    [0.5, 16, 2000],
    [0, 16, 2000],
    [0, 2, 400],
  ])('from %d to %d ACU are %i', (min, max, connections) => {
    expect(maxConnections(min, max)).toBe(connections);
  });
});
