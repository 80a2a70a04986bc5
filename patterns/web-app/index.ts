export * from './contract';
export type { RouteOptions } from './lambda-compute';
export * from './web-app';
export * from './web-app-application';
export * from './web-app-data';
export * from './web-app-foundation';
export * from './web-app-props';
export * from './web-app-stacks';
