import { s3NoObjectLambdaOrSelect } from '../../../../../lib/checks/rules/s3/s3-no-object-lambda-or-select';
import { cases } from '../../literal-fixture';

cases(s3NoObjectLambdaOrSelect, { Point: ['AWS::S3ObjectLambda::AccessPoint', {}] }, [
  ['violation', 'there is one', {}, 'S3 Object Lambda takes no new customers since 7 November 2025'],
]);
