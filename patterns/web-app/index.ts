/**
 * The web app: in one construct or in several stacks, and its contract.
 *
 * @module groundplan/web-app
 */
export type { ApplicationCompute } from './application-compute';
export * from './contract';
export type { FargateCompute } from './fargate-compute';
export type { LambdaCompute, RouteOptions } from './lambda-compute';
export type { UploadInspection } from './upload-inspection';
export * from './web-app';
export * from './web-app-application';
export * from './web-app-data';
export * from './web-app-foundation';
export * from './web-app-props';
export * from './web-app-stacks';
