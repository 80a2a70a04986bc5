import { s3PresignedUploads } from '../../../../../lib/checks/rules/s3/s3-presigned-uploads';
import { allow, att, type Case, cases, join, type Literals, PARAMETER, role } from '../../literal-fixture';

const CORS = 'Bucket.CorsConfiguration.CorsRules.0';
const bucket: Literals = {
  Bucket: [
    'AWS::S3::Bucket',
    { CorsConfiguration: { CorsRules: [{ AllowedMethods: ['POST'], AllowedOrigins: ['https://shop.example.com'] }] } },
  ],
  Role: role(allow('s3:PutObject', join(att('Bucket'), '/uploads/*'))),
  Site: ['AWS::CloudFront::Distribution', {}],
};
const pages = (origins: string) => `pages of ${origins} may upload; allowed: the site's own origin, with https`;
const anywhere = 'Role may put objects anywhere in it; allowed: below one prefix';
const from = (...origins: unknown[]) => ({ [`${CORS}.AllowedOrigins`]: origins });
const puts = (action: string, ...path: unknown[]) => ({ Role: role(allow(action, join(att('Bucket'), ...path))) });

cases(s3PresignedUploads, bucket, [
  ['compliant', 'the site uploads below a prefix'],
  ['violation', 'everyone’s pages do', from('*'), pages('*')],
  ['violation', 'pages of a domain do', from('https://*.example.com'), pages('https://*.example.com')],
  ['violation', 'a page without TLS does', from('http://shop.example.com'), pages('http://shop.example.com')],
  ['violation', 'two do', from('http://a.com', 'https://b.com', '*'), pages('http://a.com, *')],
  ...['http://localhost', 'http://localhost:5173', 'http://127.0.0.1:80'].map(
    (origin): Case => ['compliant', `${origin} does`, from(origin)],
  ),
  ...['http://localhost.example.com', 'http://127.0.0.1.example.com', 'http://localhost:5173/x'].map(
    (origin): Case => ['violation', `${origin} does`, from(origin), pages(origin)],
  ),
  ['compliant', 'the distribution of the template does', from(join('https://', att('Site', 'DomainName')))],
  ['violation', 'all below a parameter do', from(join('https://*.', PARAMETER)), pages('https://*....')],
  ['cannot-tell', 'a parameter does', from(PARAMETER)],
  ['violation', 'a page may PUT', { [`${CORS}.AllowedMethods`]: ['GET', 'PUT'], ...from('*') }, pages('*')],
  ['not-applicable', 'pages may read', { [`${CORS}.AllowedMethods`]: ['GET', 'HEAD'], ...from('*') }],
  ['not-applicable', 'nothing is said', { 'Bucket.CorsConfiguration': undefined }],
  ['not-applicable', 'no method is', { [`${CORS}.AllowedMethods`]: undefined }],
  ['compliant', 'no origin is', { [`${CORS}.AllowedOrigins`]: undefined }],
  ...['s3:PutObject', 's3:PutObject*', 's3:Put*', 's3:*', '*', 's3:P*t'].flatMap((action): Case[] => [
    ['violation', `a role may ${action} anywhere`, puts(action, '/*'), anywhere],
    ['compliant', `a role may ${action} below a prefix`, puts(action, '/uploads/*')],
  ]),
  ['violation', 'any object is meant', puts('s3:PutObject', '*'), anywhere],
  ['compliant', 'a role may read anywhere', puts('s3:GetObject', '/*')],
  [
    'compliant',
    'a role may not',
    { Role: role({ ...allow('s3:PutObject', join(att('Bucket'), '/*')), Effect: 'Deny' }) },
  ],
  ['compliant', 'a role may, elsewhere', { Role: role(allow('s3:PutObject', 'arn:aws:s3:::other/*')) }],
  ...['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].map(
    (type): Case => [
      'violation',
      `a ${type} allows it`,
      { Role: [type, { PolicyDocument: { Statement: allow('s3:PutObject', join(att('Bucket'), '/*')) } }] },
      anywhere,
    ],
  ),
]);
cases(s3PresignedUploads, { Api: ['AWS::ApiGateway::RestApi', {}] }, [
  ['compliant', 'it takes texts'],
  [
    'violation',
    'it takes files',
    { 'Api.BinaryMediaTypes': ['image/png', 'image/jpeg'] },
    'files pass through the API (BinaryMediaTypes image/png, image/jpeg)',
  ],
  ['cannot-tell', 'a parameter says it', { 'Api.BinaryMediaTypes': PARAMETER }],
]);
