import { bedrockAgentsOptional } from '../../../../../lib/checks/rules/ai-ml/bedrock-agents-optional';
import { cases } from '../../literal-fixture';

cases(bedrockAgentsOptional, { Agent: ['AWS::Bedrock::Agent', {}] }, [
  ['violation', 'there is one', {}, 'takes no new customers'],
]);
cases(bedrockAgentsOptional, { Agent: ['AWS::BedrockAgentCore::Runtime', {}] }, [
  ['compliant', 'it runs on AgentCore'],
]);
