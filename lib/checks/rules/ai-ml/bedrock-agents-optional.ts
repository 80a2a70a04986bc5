import { compliant, type Rule, verdict } from '../../rule';

const CLASSIC = 'AWS::Bedrock::Agent';

export const bedrockAgentsOptional: Rule = {
  id: 'bedrock-agents-optional',
  title: 'An agent runs on AgentCore, or in code of your own that lets a model call tools',
  why: 'Agents of Bedrock, now called Agents Classic, take no new customers since 30 July 2026. An account that never had one cannot deploy the stack.',
  fix: 'Replace AWS::Bedrock::Agent by an AWS::BedrockAgentCore::Runtime, or call the model with toolConfig in your own function.',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/bedrock/latest/userguide/agents.html',
  example: {
    fixed: {
      Assistant: {
        Type: 'AWS::BedrockAgentCore::Runtime',
        Properties: {
          AgentRuntimeName: 'assistant',
          AgentRuntimeArtifact: {
            ContainerConfiguration: { ContainerUri: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/assistant:1' },
          },
          NetworkConfiguration: { NetworkMode: 'PUBLIC' },
          RoleArn: 'arn:aws:iam::111122223333:role/assistant',
        },
      },
    },
    broken: [
      {
        Assistant: {
          Type: 'AWS::Bedrock::Agent',
          Properties: { AgentName: 'assistant', FoundationModel: 'amazon.nova-lite-v1:0' },
        },
      },
    ],
  },
  types: [CLASSIC, 'AWS::BedrockAgentCore::Runtime'],
  check: ({ type }) => {
    if (type !== CLASSIC) return compliant;
    return verdict([
      'an agent of Agents Classic, which takes no new customers since 30 July 2026; allowed: AgentCore, or a model that calls tools',
    ]);
  },
};
