/**
 * For routes of the web app that you add: its database, cache, requests and problems.
 *
 * @module groundplan/web-app/runtime
 */
export { type Cache, type CacheOptions, openCache } from '../../../lib/runtime/cache';
export type { Endpoint } from '../../../lib/runtime/endpoint';
export type { Answer, Database } from '../../../lib/runtime/postgres';
export { DatabaseUnavailable, isDuplicate } from '../../../lib/runtime/postgres-errors';
export { Problem, type ProblemAnswer, problemAnswer } from '../../../lib/runtime/problem';
export * from '../contract';
export { type ApplicationOptions, createApplication } from './application';
export type { ApplicationContext, ApplicationEnvironment } from './application-context';
export type { FileRequest } from './attachment-request';
export type { AttachmentRow } from './attachment-rows';
export { AttachmentsRepository } from './attachments-repository';
export type { Position } from './cursor';
export type { ItemText, PageRequest } from './item-request';
export { ItemsRepository, itemCacheKey } from './items-repository';
export { type OwnRequest, ownRoute } from './own-route';
export { idempotencyKeyOf, identifierOf, notFound, parseBody } from './request-input';
export { log, logging, type RequestAttributes } from './request-log';
export { cache, database } from './stores';
export type { GrantedUpload, UploadRequest, Uploads } from './uploads';
