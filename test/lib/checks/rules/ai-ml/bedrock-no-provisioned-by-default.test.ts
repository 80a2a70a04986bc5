import { bedrockNoProvisionedByDefault } from '../../../../../lib/checks/rules/ai-ml/bedrock-no-provisioned-by-default';
import { allow, cases, PARAMETER, role } from '../../literal-fixture';

const MODEL = 'arn:aws:bedrock:eu-west-1::foundation-model/amazon.nova-lite-v1:0';
const BOUGHT = 'arn:aws:bedrock:eu-west-1:111111111111:provisioned-model/abc';
const BUYS = 'bedrock:CreateProvisionedModelThroughput';
const may = (...statements: object[]) => ({ Role: role(...statements) });

cases(bedrockNoProvisionedByDefault, may(allow('bedrock:InvokeModel', MODEL)), [
  ['compliant', 'it asks models on demand'],
  ['violation', 'it asks one that is bought', may(allow('bedrock:InvokeModel', BOUGHT)), 'abc bills by the hour'],
  ['violation', 'it may buy', may(allow(BUYS)), `${BUYS} is allowed`],
  ['violation', 'it may buy, too', may(allow('s3:GetObject'), allow(BUYS)), `${BUYS} is allowed`],
  ['cannot-tell', 'a parameter is one of two', may(allow('bedrock:InvokeModel', [PARAMETER, MODEL]))],
  ['violation', 'it may do whatever creates', may(allow('bedrock:Create*')), BUYS],
  ['violation', 'it may buy and ask', may(allow([BUYS, 'bedrock:InvokeModel'], BOUGHT)), [BUYS, 'abc']],
  ['not-applicable', 'it may do neither', may(allow('s3:GetObject'))],
  ['not-applicable', 'it may not buy', may({ ...allow(BUYS), Effect: 'Deny' })],
  ['cannot-tell', 'a parameter is the model', may(allow('bedrock:InvokeModel', PARAMETER))],
  ['violation', 'a parameter is another', may(allow('bedrock:InvokeModel', [PARAMETER, BOUGHT])), 'abc'],
  ['compliant', 'it may ask any', may(allow('bedrock:InvokeModel'))],
]);
