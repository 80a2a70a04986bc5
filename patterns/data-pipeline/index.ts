/**
 * The real-time data pipeline: the construct, its stack and its contract.
 *
 * @module groundplan/data-pipeline
 */
export * from './clickstream-api';
export * from './clickstream-pipeline';
export * from './clickstream-pipeline-props';
export * from './clickstream-schema';
export * from './contract';
export * from './data-pipeline-stack';
export * from './lake-table';
export * from './lake-warehouse';
export * from './named-queries';
export * from './partition-registrar';
