/**
 * Event-driven microservices: the construct, its stack and its contract.
 *
 * @module groundplan/event-driven
 */
export * from './contract';
export * from './delivery-options';
export * from './event-driven-shop';
export * from './event-driven-shop-props';
export * from './event-driven-stack';
export * from './fulfilment';
export * from './shop-edge';
export * from './shop-service';
