import { type Rule, verdict } from '../../rule';

export const s3NoObjectLambdaOrSelect: Rule = {
  id: 's3-no-object-lambda-or-select',
  title: 'No template uses S3 Object Lambda',
  why: 'S3 Object Lambda takes no new customers since 7 November 2025: in an account that did not use it before, the deployment fails.',
  fix: 'Let a function write the changed copy into the bucket, or change the object in the application that serves it. Replace AWS::S3ObjectLambda::AccessPoint by AWS::S3::AccessPoint.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazons3-ol-change.html',
  example: {
    fixed: { AccessPoint: { Type: 'AWS::S3::AccessPoint', Properties: { Bucket: { Ref: 'Bucket' } } } },
    broken: [
      {
        Thumbnails: {
          Type: 'AWS::S3ObjectLambda::AccessPoint',
          Properties: {
            ObjectLambdaConfiguration: {
              SupportingAccessPoint: { 'Fn::GetAtt': ['AccessPoint', 'Arn'] },
              TransformationConfigurations: [
                {
                  Actions: ['GetObject'],
                  ContentTransformation: { AwsLambda: { FunctionArn: { 'Fn::GetAtt': ['Function', 'Arn'] } } },
                },
              ],
            },
          },
        },
      },
    ],
  },
  types: ['AWS::S3ObjectLambda::AccessPoint'],
  check: () =>
    verdict(['S3 Object Lambda takes no new customers since 7 November 2025; allowed: a function that writes a copy']),
};
