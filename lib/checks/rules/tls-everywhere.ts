import { mustHold, type Rule } from '../rule';

/** All traffic in transit uses TLS 1.2+. */
export const tlsEverywhere: Rule = {
  id: 'tls-everywhere',
  types: ['AWS::SQS::Queue', 'AWS::SNS::Topic', 'AWS::S3::Bucket'],
  check: (store, inventory) =>
    mustHold(
      inventory.resourceStatements(store).some((statement) => {
        const secure = (statement['Condition'] as { Bool?: Record<string, unknown> } | undefined)?.Bool?.[
          'aws:SecureTransport'
        ];
        return statement['Effect'] === 'Deny' && String(secure) === 'false';
      }),
      'no policy denies requests without TLS (aws:SecureTransport false)',
    ),
};
