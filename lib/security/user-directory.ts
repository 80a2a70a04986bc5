import { Annotations, Duration } from 'aws-cdk-lib';
import {
  AccountRecovery,
  type CfnUserPool,
  FeaturePlan,
  Mfa,
  UserPool,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage/stage';
import { takesAdminSignIn } from '../stage/try-output';
import { acknowledge, handles } from '../validation/explain';
import { refuse } from '../validation/refuse';
import { mailSettings, type UserMail } from './user-mail';

/** Props of {@link UserDirectory}. */
export interface UserDirectoryProps {
  readonly stage: StageSettings;
  /** Sender address of e-mail to users. `{}`: the pool sends through SES where the stage requires it. @default - Cognito, 50 a day */
  readonly email?: UserMail;
  /**
   * Whether anyone with an e-mail address may make an account, with the budgets of a user. Otherwise an administrator makes accounts
   * (Cognito console, or `aws cognito-idp admin-create-user`). @default - not in a strict stage, such as prod
   */
  readonly selfSignUp?: boolean;
  /**
   * Whether users sign in with a second factor, a TOTP app. `Mfa.REQUIRED`: everyone with a password, from the next sign-in on; who comes
   * from an identity provider has that provider's factors alone. `Mfa.OFF`: not in a strict stage. @default Mfa.OPTIONAL
   */
  readonly mfa?: Mfa;
  /**
   * Whether to create a client for sign-in by the API: SRP, and in dev also by an administrator with IAM. `false`: pass one, such as that of
   * managed login. @default true
   */
  readonly client?: boolean;
}

/** A Cognito user pool and a public client for it: e-mail sign-in, strong passwords, optional TOTP, no client secret. */
export class UserDirectory extends Construct {
  readonly userPool: UserPool;
  /** Whether anyone with an e-mail address may make an account. */
  readonly selfSignUp: boolean;
  private readonly ownClient?: UserPoolClient;

  /** @throws RefusedValueError for a mail address that cannot be one, or a strict stage without MFA. */
  constructor(scope: Construct, id: string, props: UserDirectoryProps) {
    super(scope, id);
    const { mfa = Mfa.OPTIONAL } = props;
    if (mfa === Mfa.OFF && props.stage.strict) this.refuseNoMfa();
    this.selfSignUp = props.selfSignUp ?? !props.stage.strict;
    this.userPool = new UserPool(this, 'Users', {
      signInAliases: { email: true },
      selfSignUpEnabled: this.selfSignUp,
      autoVerify: { email: true },
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      mfa,
      // Cognito takes no factor where there is none to ask for.
      ...(mfa !== Mfa.OFF && { mfaSecondFactor: { sms: false, otp: true } }),
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      // Essentials is what new pools get; stated, because Plus bills every user (corrections 53).
      featurePlan: FeaturePlan.ESSENTIALS,
      deletionProtection: props.stage.deletionProtection,
      removalPolicy: props.stage.removalPolicy,
    });
    if (props.client !== false) this.ownClient = this.addClient(props.stage);
    if (props.email !== undefined) this.sendBy(props.email, props.stage);
    handles(this.userPool, 'cognito-native-jwt-authorizer');
    if (mfa === Mfa.REQUIRED) this.tellOfRequiredMfa();
    acknowledge(this.userPool, {
      ...(mfa === Mfa.OPTIONAL && {
        'AwsSolutions::AwsSolutions-COG2':
          'MFA is offered (TOTP) and left to the user: an online shop that demands it turns customers away.',
      }),
      ...(mfa === Mfa.OFF && {
        'AwsSolutions::AwsSolutions-COG2':
          'MFA was turned off by the prop mfa, which a strict stage refuses: whoever signs in here has nothing worth a second factor.',
      }),
      'AwsSolutions::AwsSolutions-COG3':
        'Threat protection needs the Plus plan, which bills every monthly user; choose it by bringing your own pool.',
      'AwsSolutions::AwsSolutions-COG8':
        'The Plus plan bills every monthly user without a free share; choose it by bringing your own pool.',
    });
  }

  /** @throws RefusedValueError when the directory was made without it. */
  get client(): UserPoolClient {
    return (
      this.ownClient ??
      refuse(this, {
        prop: 'client',
        value: false,
        allowed: 'true',
        fix: 'use the existing client, or omit client',
      })
    );
  }

  private addClient(stage: StageSettings): UserPoolClient {
    return this.userPool.addClient('Client', {
      authFlows: { userSrp: true, ...(takesAdminSignIn(stage) && { adminUserPassword: true }) },
      generateSecret: false,
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.days(30),
      disableOAuth: true,
    });
  }

  private refuseNoMfa(): never {
    return refuse(this, {
      prop: 'mfa',
      value: Mfa.OFF,
      allowed: `${Mfa.OPTIONAL} or ${Mfa.REQUIRED} in a strict stage, such as prod`,
      fix: 'omit it: users may then choose a second factor',
      catalogueId: 'cognito-mfa-and-password',
    });
  }

  /** What changes for people and for clients, since no one sees it before the next sign-in. */
  private tellOfRequiredMfa(): void {
    Annotations.of(this).addInfoV2(
      'groundplan:cognito-mfa-required',
      'MFA is required: each user with a password sets up a TOTP app at the next sign-in. Managed login asks for it; a client that signs in ' +
        'by the API must answer the challenges MFA_SETUP and SOFTWARE_TOKEN_MFA. Users of identity providers have the factors of those.',
    );
  }

  private sendBy(email: UserMail, stage: StageSettings): void {
    (this.userPool.node.defaultChild as CfnUserPool).emailConfiguration = mailSettings(this, email, stage);
    handles(this.userPool, 'cognito-ses-for-email', 'cognito-mfa-and-password', 'cognito-tier-explicit');
  }
}
