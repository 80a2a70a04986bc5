import type { CatalogueRow } from '../catalogue-row';

/** Cognito (guide 325-334). */
export const cognitoRows = [
  {
    id: 'cognito-native-jwt-authorizer',
    guideLines: ['330'],
    tier: 2,
    derived: false,
    patterns: ['web-app', 'event-driven', 'genai-rag'],
    mechanisms: ['construct default'],
    claim: 'Let API Gateway check Cognito JWTs, with no custom code.',
    condition:
      '`AWS::ApiGatewayV2::Authorizer.AuthorizerType == "JWT"`, `JwtConfiguration.{Issuer,Audience}`; handler reads claims only, never decodes tokens itself',
  },
  {
    id: 'cognito-mfa-and-password',
    guideLines: ['328'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default'],
    claim: "MFA and password policy are the pool's job.",
    condition:
      '`MfaConfiguration` `ON|OPTIONAL` with TOTP/passkey; `PasswordPolicy.MinimumLength >= 12` (cdk-nag `COG1`,`COG2`)',
  },
  {
    id: 'cognito-ses-for-email',
    guideLines: ['334'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['refused at synth'],
    claim: 'The built-in sender stops at 50 emails a day; production needs SES.',
    condition:
      'prod profile, for a pool with a login page (`AWS::Cognito::UserPoolDomain`): `EmailConfiguration.EmailSendingAccount == "DEVELOPER"` with `SourceArn`',
  },
  {
    id: 'cognito-tier-explicit',
    guideLines: ['332'],
    tier: 3,
    derived: true,
    patterns: ['web-app'],
    mechanisms: ['refused at synth'],
    claim: 'Price is per active user and per tier, so choose it.',
    condition: '`UserPoolTier` in `LITE|ESSENTIALS|PLUS` explicit',
  },
  {
    id: 'cognito-identity-pool-scoped',
    guideLines: ['329'],
    tier: 3,
    derived: false,
    patterns: ['web-app'],
    mechanisms: [],
    claim: 'Identity pools hand out AWS credentials: scope them to the user and block guests.',
    condition:
      '`AllowUnauthenticatedIdentities == false` (cdk-nag `COG7`); role ARNs are scoped by the policy variable cognito-identity.amazonaws.com:sub',
  },
  {
    id: 'cognito-migration-trigger',
    guideLines: ['334'],
    tier: 3,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['documented'],
    claim: 'Moving users in needs a migration trigger at first login.',
    condition: 'opt-in `LambdaConfig.UserMigration`',
  },
] as const satisfies readonly CatalogueRow[];
