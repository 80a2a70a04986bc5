import type { IPolicyValidationPlugin } from 'aws-cdk-lib';
import { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks, ServerlessChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { GroundplanChecks, type GroundplanChecksProps } from './groundplan-checks';

/** Our rules, and cdk-nag's packs that this project holds itself to. */
export function allPacks(app: IConstruct, options: GroundplanChecksProps = {}): IPolicyValidationPlugin[] {
  return [
    new GroundplanChecks(app, options),
    new AwsSolutionsChecks(app),
    new ServerlessChecks(app),
    new NIST80053R5Checks(app),
    new HIPAASecurityChecks(app),
    new PCIDSS321Checks(app),
  ];
}
