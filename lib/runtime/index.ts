/**
 * What your handlers share with ours: a consumer that does each message once, claim checks, variables of the environment.
 *
 * @module groundplan/runtime
 */
export * from './claim-check';
export * from './consumer';
export * from './contract';
export * from './environment';
export * from './outbox-events';
