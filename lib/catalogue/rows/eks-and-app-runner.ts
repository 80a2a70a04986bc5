import type { CatalogueRow } from '../catalogue-row';

/** EKS and App Runner (guide 59-76). */
export const eksAndAppRunnerRows = [
  {
    id: 'eks-pod-identity-not-node-role',
    guideLines: ['65', '320'],
    tier: 3,
    derived: false,
    patterns: [],
    mechanisms: [],
    claim: 'Pods get AWS permissions through IRSA/Pod Identity, never through the node role.',
    condition:
      'node role has only `AmazonEKSWorkerNodePolicy`, `AmazonEKS_CNI_Policy`, ECR read; app permissions via `AWS::EKS::PodIdentityAssociation` or OIDC trust',
    outside: 'no row; nearest Compute: simple API',
  },
  {
    id: 'eks-fargate-limits',
    guideLines: ['64'],
    tier: 3,
    derived: false,
    patterns: [],
    mechanisms: ['documented'],
    claim: 'EKS on Fargate has no DaemonSets and a per-pod size cap.',
    condition: 'n/a (documented)',
    outside: 'no row; nearest Compute: simple API',
  },
  {
    id: 'eks-managed-nodes-karpenter',
    guideLines: ['63'],
    tier: 3,
    derived: false,
    patterns: [],
    mechanisms: ['documented'],
    claim: 'Use managed node groups and Karpenter rather than self-run nodes and Cluster Autoscaler.',
    condition: 'n/a',
    outside: 'no row; nearest Compute: simple API',
  },
  {
    id: 'apprunner-not-for-high-scale',
    guideLines: ['76'],
    tier: 3,
    derived: false,
    patterns: [],
    mechanisms: [],
    claim: 'App Runner is for prototypes, not for high-scale systems.',
    condition: 'template holds no `AWS::AppRunner::Service` (also closed to new customers)',
    outside: 'no row; nearest Compute: simple API',
  },
] as const satisfies readonly CatalogueRow[];
