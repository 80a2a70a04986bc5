/** The request of a deployment to the function that migrates a database's schema. */
export interface SchemaRequest {
  readonly clusterArn: string;
  /** ARN of the administrator's secret. The function never reads it: the Data API does, on its behalf. */
  readonly secretArn: string;
  readonly database: string;
  /** The role that applications connect as, by IAM; it is made if there is none. */
  readonly user: string;
  /** Changes with the schema, so that CloudFormation asks again. */
  readonly version: string;
}
