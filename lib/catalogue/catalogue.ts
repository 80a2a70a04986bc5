import type { CatalogueRow } from './catalogue-row';
import { aiMlRows } from './rows/ai-ml';
import { albNlbVpcRows } from './rows/alb-nlb-vpc';
import { apiGatewayRows } from './rows/api-gateway';
import { auroraRows } from './rows/aurora';
import { cloudfrontRows } from './rows/cloudfront';
import { cognitoRows } from './rows/cognito';
import { dataAndAnalyticsRows } from './rows/data-and-analytics';
import { dynamodbRows } from './rows/dynamodb';
import { ebsEfsFsxRows } from './rows/ebs-efs-fsx';
import { ec2Rows } from './rows/ec2';
import { ecsAndFargateRows } from './rows/ecs-and-fargate';
import { eksAndAppRunnerRows } from './rows/eks-and-app-runner';
import { elasticacheMemorydbDocumentdbRows } from './rows/elasticache-memorydb-documentdb';
import { eventbridgeAndMskRows } from './rows/eventbridge-and-msk';
import { iamRows } from './rows/iam';
import { infrastructureAsCodeAndClosingRulesRows } from './rows/infrastructure-as-code-and-closing-rules';
import { kinesisDataStreamsRows } from './rows/kinesis-data-streams';
import { kmsRows } from './rows/kms';
import { lambdaRows } from './rows/lambda';
import { observabilityRows } from './rows/observability';
import { rdsRows } from './rows/rds';
import { route53Rows } from './rows/route-53';
import { s3Rows } from './rows/s3';
import { secretsManagerRows } from './rows/secrets-manager';
import { snsRows } from './rows/sns';
import { sqsRows } from './rows/sqs';
import { stepFunctionsRows } from './rows/step-functions';
import { wafAndShieldRows } from './rows/waf-and-shield';

const ROWS = [
  ...ec2Rows,
  ...lambdaRows,
  ...ecsAndFargateRows,
  ...eksAndAppRunnerRows,
  ...stepFunctionsRows,
  ...s3Rows,
  ...ebsEfsFsxRows,
  ...rdsRows,
  ...auroraRows,
  ...dynamodbRows,
  ...elasticacheMemorydbDocumentdbRows,
  ...sqsRows,
  ...snsRows,
  ...kinesisDataStreamsRows,
  ...eventbridgeAndMskRows,
  ...cloudfrontRows,
  ...route53Rows,
  ...apiGatewayRows,
  ...albNlbVpcRows,
  ...iamRows,
  ...cognitoRows,
  ...kmsRows,
  ...wafAndShieldRows,
  ...secretsManagerRows,
  ...observabilityRows,
  ...aiMlRows,
  ...dataAndAnalyticsRows,
  ...infrastructureAsCodeAndClosingRulesRows,
] as const satisfies readonly CatalogueRow[];

/** Name of a known gotcha; the same in errors, rules, template metadata and documents. */
export type CatalogueId = (typeof ROWS)[number]['id'];

/** Every known gotcha, in the guide's order. What the guide says and is no longer true is corrected here. */
export const CATALOGUE: readonly (CatalogueRow & { readonly id: CatalogueId })[] = ROWS;
