import { type Rule, verdict } from '../../rule';

/** Agents call tools and keep state on their own; the service of that name takes no new customers. */
export const bedrockAgentsOptional: Rule = {
  id: 'bedrock-agents-optional',
  types: ['AWS::Bedrock::Agent'],
  check: () =>
    verdict([
      'an agent of Agents Classic, which takes no new customers since 30 July 2026; allowed: AgentCore, or a model that calls tools',
    ]),
};
