import { CfnParameter } from 'aws-cdk-lib';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { AccountRecovery, Mfa, UserPool, UserPoolEmail } from 'aws-cdk-lib/aws-cognito';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket, HttpMethods } from 'aws-cdk-lib/aws-s3';
import type { MutableTemplate } from '../../../local/weaken/mutable-template';
import { PARAMETER, resources, table, template } from './rule-table-fixture';

const POOL = 'AWS::Cognito::UserPool';
const BUCKET = 'AWS::S3::Bucket';
const CORS = 'CorsConfiguration.CorsRules';
const REST = 'AWS::ApiGateway::RestApi';

const pool = template((stack) => {
  const users = new UserPool(stack, 'Users', {
    passwordPolicy: { minLength: 12 },
    mfa: Mfa.OPTIONAL,
    mfaSecondFactor: { otp: true, sms: false },
    accountRecovery: AccountRecovery.EMAIL_ONLY,
    email: UserPoolEmail.withSES({
      fromEmail: 'hello@example.com',
      sesRegion: 'eu-west-1',
      sesVerifiedDomain: 'example.com',
    }),
  });
  users.addDomain('Login', { cognitoDomain: { domainPrefix: 'mine' } });
});

table('cognito-mfa-and-password', POOL, pool, [
  { verdict: 'compliant', when: 'an authenticator app may be used, and passwords have twelve characters' },
  {
    verdict: 'violation',
    when: 'there is no second factor',
    change: (t) => t.set(POOL, 'MfaConfiguration', 'OFF'),
    says: /OFF/,
  },
  {
    verdict: 'violation',
    when: 'it goes by SMS alone',
    change: (t) => t.set(POOL, 'EnabledMfas', ['SMS_MFA']),
    says: /SOFTWARE_TOKEN_MFA/,
  },
  {
    verdict: 'compliant',
    when: 'passkeys may be used',
    change: (t) => {
      t.set(POOL, 'EnabledMfas', []);
      Object.assign(t.properties(POOL)['Policies'] as object, {
        SignInPolicy: { AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN'] },
      });
    },
  },
  { verdict: 'violation', when: 'passwords have eight', change: (t) => t.drop(POOL, 'Policies'), says: /8 characters/ },
  { verdict: 'cannot-tell', when: 'a parameter says it', change: (t) => t.set(POOL, 'MfaConfiguration', PARAMETER) },
]);

const builtIn = (t: MutableTemplate) => t.drop(POOL, 'EmailConfiguration');
table('cognito-ses-for-email', POOL, pool, [
  { verdict: 'compliant', when: 'mail goes by SES' },
  { verdict: 'violation', when: "it goes by Cognito's own sender", change: builtIn, says: /50 e-mails/ },
  { verdict: 'not-applicable', when: 'it does, in development', change: builtIn, strict: false },
  {
    verdict: 'not-applicable',
    when: 'there is no login page',
    change: [builtIn, (t) => t.remove('AWS::Cognito::UserPoolDomain')],
  },
  {
    verdict: 'violation',
    when: 'SES has no identity',
    change: (t) => t.drop(POOL, 'EmailConfiguration.SourceArn'),
    says: /SourceArn/,
  },
  {
    verdict: 'compliant',
    when: 'a function sends it',
    change: [builtIn, (t) => (t.properties(POOL)['LambdaConfig'] = { CustomEmailSender: { LambdaArn: 'arn' } })],
  },
  {
    verdict: 'cannot-tell',
    when: 'a parameter says it',
    change: (t) => t.set(POOL, 'EmailConfiguration.EmailSendingAccount', PARAMETER),
  },
]);

const uploads = template((stack) => {
  new CfnParameter(stack, 'Parameter');
  const site = new Distribution(stack, 'Site', {
    defaultBehavior: { origin: S3BucketOrigin.withOriginAccessControl(new Bucket(stack, 'Pages')) },
  });
  const bucket = new Bucket(stack, 'Uploads', {
    cors: [{ allowedMethods: [HttpMethods.POST], allowedOrigins: [`https://${site.distributionDomainName}`] }],
  });
  bucket.grantPut(new Role(stack, 'Api', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }), 'uploads/*');
});
const origins =
  (...AllowedOrigins: unknown[]) =>
  (t: MutableTemplate) =>
    t.set(BUCKET, CORS, [{ AllowedMethods: ['PUT'], AllowedOrigins }], 'Uploads');
const subject = 'Uploads';

table('s3-presigned-uploads', BUCKET, uploads, [
  { verdict: 'compliant', when: "the site's pages upload below one prefix", subject },
  { verdict: 'violation', when: 'pages of everyone may', change: origins('*'), subject, says: /pages of \*/ },
  { verdict: 'violation', when: 'a page without TLS may', change: origins('http://shop.example.com'), subject },
  { verdict: 'compliant', when: "a developer's machine may", change: origins('http://localhost:5173'), subject },
  { verdict: 'cannot-tell', when: 'a parameter may', change: origins(PARAMETER), subject },
  {
    verdict: 'violation',
    when: 'the API may put objects anywhere',
    change: (t) => {
      const { Statement } = t.properties('AWS::IAM::Policy', 'Api')['PolicyDocument'] as {
        Statement: Record<string, unknown>[];
      };
      Object.assign(Statement[0] ?? {}, {
        Resource: { 'Fn::Join': ['', [{ 'Fn::GetAtt': [t.id(BUCKET, subject), 'Arn'] }, '/*']] },
      });
    },
    subject,
    says: /one prefix/,
  },
  {
    verdict: 'not-applicable',
    when: 'browsers upload nothing',
    change: (t) => t.drop(BUCKET, 'CorsConfiguration', subject),
    subject,
  },
]);

table('s3-presigned-uploads', REST, resources({ Api: [REST, {}] }), [
  { verdict: 'compliant', when: 'it takes texts' },
  {
    verdict: 'violation',
    when: 'it takes files',
    change: (t) => (t.properties(REST)['BinaryMediaTypes'] = ['image/*']),
    says: /image/,
  },
  {
    verdict: 'cannot-tell',
    when: 'a parameter says it',
    change: (t) => (t.properties(REST)['BinaryMediaTypes'] = PARAMETER),
  },
]);
