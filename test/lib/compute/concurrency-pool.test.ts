import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { reservable, reserveConcurrency, warmable } from '../../../lib/compute/concurrency-pool';

const stack = () => new Stack(new App(), 'Stack');
const lax = (accountConcurrency: number, provisionedConcurrency = 0) => ({
  accountConcurrency,
  provisionedConcurrency,
  strict: false,
});
const warnings = (scope: Stack) => Annotations.fromStack(scope).findWarning('*', Match.anyValue()).length;

describe('a reservation', () => {
  it.each([
    [109, undefined, 1],
    [110, 10, 0],
    [111, 10, 0],
  ])('of 10 with a quota of %d is %s', (quota, expected, warned) => {
    const scope = stack();
    expect(reservable(scope, lax(quota), 10)).toBe(expected);
    expect(warnings(scope)).toBe(warned);
  });

  it('counts what the app has booked before', () => {
    const scope = stack();
    reserveConcurrency(scope, 15, 120);
    expect(reservable(scope, lax(120), 5)).toBe(5);
    expect(reservable(scope, lax(120), 6)).toBeUndefined();
  });

  it('is refused in a strict stage, with the command that raises the quota', () => {
    expect(() => reservable(stack(), { accountConcurrency: 10, strict: true }, 20)).toThrow(
      /accountConcurrency is 10; allowed: enough to reserve 20 for the API.*aws service-quotas request-service-quota-increase/,
    );
  });
});

describe('warm instances', () => {
  it.each([
    [101, undefined, 1],
    [102, 2, 0],
    [103, 2, 0],
  ])('of which the stage wants 2 with a quota of %d are %s', (quota, expected, warned) => {
    const scope = stack();
    expect(warmable(scope, lax(quota, 2), undefined)).toBe(expected);
    expect(warnings(scope)).toBe(warned);
  });

  it('are none where the stage wants none, whatever the quota is', () => {
    const scope = stack();
    expect(warmable(scope, lax(10, 0), undefined)).toBeUndefined();
    expect(warnings(scope)).toBe(0);
  });

  it('are part of a reservation, and no more than it', () => {
    const scope = stack();
    reserveConcurrency(scope, 1, 101);
    expect(warmable(scope, lax(101, 2), 1)).toBe(1);
  });

  it('are booked from the account where the function reserves nothing', () => {
    const scope = stack();
    expect(warmable(scope, lax(103, 2), undefined)).toBe(2);
    expect(warmable(scope, lax(103, 2), undefined)).toBeUndefined();
  });

  it('are refused in a strict stage', () => {
    expect(() => warmable(stack(), { ...lax(10, 2), strict: true }, undefined)).toThrow(
      /enough to keep 2 instances of Stack warm/,
    );
  });
});
