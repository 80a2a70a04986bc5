export * from './claim-check';
export * from './consumer';
export * from './contract';
export * from './environment';
export * from './outbox-events';
