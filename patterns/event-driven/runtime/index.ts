/**
 * For handlers of the event-driven pattern that you add: its events, and how to read them.
 *
 * @module groundplan/event-driven/runtime
 */
export * from '../contract';
export * from './order-events';
