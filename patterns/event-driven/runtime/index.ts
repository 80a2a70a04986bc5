export * from '../contract';
export * from './order-events';
