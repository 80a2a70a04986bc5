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

/** Gotchas of some services. */
export interface CatalogueSection {
  readonly title: string;
  readonly rows: readonly CatalogueRow[];
}

const SECTIONS = [
  { title: 'EC2', rows: ec2Rows },
  { title: 'Lambda', rows: lambdaRows },
  { title: 'ECS and Fargate', rows: ecsAndFargateRows },
  { title: 'EKS and App Runner', rows: eksAndAppRunnerRows },
  { title: 'Step Functions', rows: stepFunctionsRows },
  { title: 'S3', rows: s3Rows },
  { title: 'EBS, EFS and FSx', rows: ebsEfsFsxRows },
  { title: 'RDS', rows: rdsRows },
  { title: 'Aurora', rows: auroraRows },
  { title: 'DynamoDB', rows: dynamodbRows },
  { title: 'ElastiCache, MemoryDB and DocumentDB', rows: elasticacheMemorydbDocumentdbRows },
  { title: 'SQS', rows: sqsRows },
  { title: 'SNS', rows: snsRows },
  { title: 'Kinesis Data Streams', rows: kinesisDataStreamsRows },
  { title: 'EventBridge and MSK', rows: eventbridgeAndMskRows },
  { title: 'CloudFront', rows: cloudfrontRows },
  { title: 'Route 53', rows: route53Rows },
  { title: 'API Gateway', rows: apiGatewayRows },
  { title: 'Load balancers and VPC', rows: albNlbVpcRows },
  { title: 'IAM', rows: iamRows },
  { title: 'Cognito', rows: cognitoRows },
  { title: 'KMS', rows: kmsRows },
  { title: 'WAF and Shield', rows: wafAndShieldRows },
  { title: 'Secrets Manager', rows: secretsManagerRows },
  { title: 'Observability', rows: observabilityRows },
  { title: 'AI and ML', rows: aiMlRows },
  { title: 'Data and analytics', rows: dataAndAnalyticsRows },
  { title: 'Infrastructure as code', rows: infrastructureAsCodeAndClosingRulesRows },
] as const satisfies readonly CatalogueSection[];

/** Name of a known gotcha; the same in errors, rules, template metadata and documents. */
export type CatalogueId = (typeof SECTIONS)[number]['rows'][number]['id'];

/** The gotchas by service, in the guide's order. */
export const CATALOGUE_SECTIONS: readonly {
  readonly title: string;
  readonly rows: readonly (CatalogueRow & { readonly id: CatalogueId })[];
}[] = SECTIONS;

/** Every known gotcha, in the guide's order. What the guide says and is no longer true is corrected here. */
export const CATALOGUE: readonly (CatalogueRow & { readonly id: CatalogueId })[] = CATALOGUE_SECTIONS.flatMap(
  ({ rows }) => rows,
);
