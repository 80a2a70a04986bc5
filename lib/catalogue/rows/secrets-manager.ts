import type { CatalogueRow } from '../catalogue-row';

/** Secrets Manager (guide 353-358). */
export const secretsManagerRows = [
  {
    id: 'secrets-rotation',
    guideLines: ['356', '511'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default'],
    claim: 'Database credentials rotate on a schedule.',
    condition:
      '`AWS::SecretsManager::RotationSchedule` on the DB secret, or `DBCluster.ManageMasterUserPassword: true` (cdk-nag `AwsSolutions-SMG4`)',
  },
  {
    id: 'ssm-for-static-secrets',
    guideLines: ['357'],
    tier: 3,
    derived: false,
    patterns: ['web-app', 'event-driven', 'data-pipeline', 'genai-rag'],
    mechanisms: [],
    claim: 'Non-rotating secrets belong in free SSM SecureString.',
    condition: '`AWS::SecretsManager::Secret` without a rotation schedule => warning',
  },
  {
    id: 'secrets-ecs-injection',
    guideLines: ['358'],
    tier: 2,
    derived: false,
    patterns: ['web-app'],
    mechanisms: ['construct default'],
    claim: 'ECS takes secrets by reference.',
    condition:
      '`ContainerDefinitions[].Secrets[].ValueFrom`; no secret in `Environment[]` (cdk-nag `AwsSolutions-ECS2`)',
  },
  {
    id: 'secrets-lambda-runtime-fetch',
    guideLines: ['358'],
    tier: 1,
    derived: false,
    patterns: ['web-app', 'event-driven', 'genai-rag'],
    mechanisms: ['handler'],
    claim: 'Lambda must read the secret at run time; an env var resolves to plain text at deploy.',
    condition:
      'no `{{resolve:secretsmanager` inside `AWS::Lambda::Function.Environment` (CDK `unsafeUnwrap()` produces it: tested); handler test: cached with TTL, auth failure => refetch once',
  },
] as const satisfies readonly CatalogueRow[];
