import { aiMlRows } from './catalogue/ai-ml';
import { albNlbVpcRows } from './catalogue/alb-nlb-vpc';
import { apiGatewayRows } from './catalogue/api-gateway';
import { auroraRows } from './catalogue/aurora';
import { cloudfrontRows } from './catalogue/cloudfront';
import { cognitoRows } from './catalogue/cognito';
import { dataAndAnalyticsRows } from './catalogue/data-and-analytics';
import { dynamodbRows } from './catalogue/dynamodb';
import { ebsEfsFsxRows } from './catalogue/ebs-efs-fsx';
import { ec2Rows } from './catalogue/ec2';
import { ecsAndFargateRows } from './catalogue/ecs-and-fargate';
import { eksAndAppRunnerRows } from './catalogue/eks-and-app-runner';
import { elasticacheMemorydbDocumentdbRows } from './catalogue/elasticache-memorydb-documentdb';
import { eventbridgeAndMskRows } from './catalogue/eventbridge-and-msk';
import { iamRows } from './catalogue/iam';
import { infrastructureAsCodeAndClosingRulesRows } from './catalogue/infrastructure-as-code-and-closing-rules';
import { kinesisDataStreamsRows } from './catalogue/kinesis-data-streams';
import { kmsRows } from './catalogue/kms';
import { lambdaRows } from './catalogue/lambda';
import { observabilityRows } from './catalogue/observability';
import { rdsRows } from './catalogue/rds';
import { route53Rows } from './catalogue/route-53';
import { s3Rows } from './catalogue/s3';
import { secretsManagerRows } from './catalogue/secrets-manager';
import { snsRows } from './catalogue/sns';
import { sqsRows } from './catalogue/sqs';
import { stepFunctionsRows } from './catalogue/step-functions';
import { wafAndShieldRows } from './catalogue/waf-and-shield';
import type { CatalogueRow } from './catalogue-row';

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
