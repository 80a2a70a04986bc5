export * from './clickstream-pipeline';
export * from './clickstream-pipeline-props';
export * from './clickstream-schema';
export * from './contract';
export * from './data-pipeline-stack';
export * from './named-queries';
