import { cloudfrontBehaviorOrder } from '../../../../../lib/checks/rules/cloudfront/cloudfront-behavior-order';
import { cases, type Literals, PARAMETER } from '../../literal-fixture';

const site = (...patterns: unknown[]): Literals => ({
  Site: [
    'AWS::CloudFront::Distribution',
    { DistributionConfig: { CacheBehaviors: patterns.map((PathPattern) => ({ PathPattern })) } },
  ],
});
const order = (...patterns: unknown[]) => site(...patterns);

cases(cloudfrontBehaviorOrder, site('/api/docs/*', '/api/*'), [
  ['compliant', 'the narrow one is first'],
  ['violation', 'the wide one is', order('/api/*', '/api/docs/*'), '/api/docs/* is never used: /api/* before it'],
  ['violation', 'two are the same', order('/a', '/a'), '/a is never used: /a before it takes its requests'],
  ['violation', 'one is for all', order('/*'), '/* is listed, and the default behaviour is never used'],
  ['violation', 'one is for all, and first', order('*', '/a'), ['* is listed', '/a is never used: * before it']],
  ['not-applicable', 'there is the default one alone', order()],
  ['cannot-tell', 'a parameter is one', order('/a', PARAMETER)],
]);
