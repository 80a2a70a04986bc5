import { type Rule, verdict } from '../../rule';

/** In-place query and transformation looks handy, but takes no new customers. */
export const s3NoObjectLambdaOrSelect: Rule = {
  id: 's3-no-object-lambda-or-select',
  types: ['AWS::S3ObjectLambda::AccessPoint'],
  check: () =>
    verdict(['S3 Object Lambda takes no new customers since 7 November 2025; allowed: a function that writes a copy']),
};
