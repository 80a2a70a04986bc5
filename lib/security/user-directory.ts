import { Duration } from 'aws-cdk-lib';
import { AccountRecovery, FeaturePlan, Mfa, UserPool, type UserPoolClient } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { acknowledge, handles } from '../validation/explain';

/** Props of {@link UserDirectory}. */
export interface UserDirectoryProps {
  readonly stage: StageSettings;
}

/** A Cognito user pool and a public client for it: e-mail sign-in, strong passwords, optional TOTP, no client secret. */
export class UserDirectory extends Construct {
  readonly userPool: UserPool;
  readonly client: UserPoolClient;

  constructor(scope: Construct, id: string, props: UserDirectoryProps) {
    super(scope, id);
    this.userPool = new UserPool(this, 'Users', {
      signInAliases: { email: true },
      selfSignUpEnabled: true,
      autoVerify: { email: true },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { sms: false, otp: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      // Essentials is what new pools get; stated, because Plus bills every user (corrections 53).
      featurePlan: FeaturePlan.ESSENTIALS,
      deletionProtection: props.stage.deletionProtection,
      removalPolicy: props.stage.removalPolicy,
    });
    this.client = this.userPool.addClient('Client', {
      authFlows: { userSrp: true },
      generateSecret: false,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
      disableOAuth: true,
    });
    handles(this.userPool, 'cognito-native-jwt-authorizer');
    acknowledge(this.userPool, {
      'AwsSolutions::AwsSolutions-COG2':
        'MFA is offered (TOTP) and left to the user: an online shop that demands it turns customers away.',
      'AwsSolutions::AwsSolutions-COG3':
        'Threat protection needs the Plus plan, which bills every monthly user; choose it by bringing your own pool.',
      'AwsSolutions::AwsSolutions-COG8':
        'The Plus plan bills every monthly user without a free share; choose it by bringing your own pool.',
    });
  }
}
