import { listOf } from '../../../template/policy-statements';
import { CannotTell, type TemplateResource } from '../../../template/template-resource';
import { asynchronousSources } from '../../asynchronous-sources';
import type { Inventory } from '../../inventory';
import { allows, ownStatements, POLICY_HOLDERS, rolesOf } from '../../policy-holder';
import { compliant, mustHold, notApplicable, type Rule, type Verdict, verdict } from '../../rule';

const KNOWLEDGE_BASE = 'AWS::Bedrock::KnowledgeBase';
const FEEDS = ['bedrock:StartIngestionJob', 'bedrock:IngestKnowledgeBaseDocuments'];
/** Keys that name whose knowledge base a role is for (AWS: Bedrock, service role of a knowledge base). */
const CONFUSED_DEPUTY = /"aws:Source(Account|Arn)"/i;

/** Whether a role lets Bedrock act for someone else's knowledge base. */
function trustsAnybody(role: TemplateResource): boolean {
  return (listOf(role.get('AssumeRolePolicyDocument.Statement')) as Record<string, unknown>[]).some(
    ({ Effect, Principal, Condition }) =>
      Effect === 'Allow' &&
      JSON.stringify(Principal ?? '').includes('bedrock.amazonaws.com') &&
      !CONFUSED_DEPUTY.test(JSON.stringify(Condition ?? {})),
  );
}

function checkKnowledgeBase(base: TemplateResource, inventory: Inventory): Verdict {
  // Structured stores and Kendra are read where they are; nothing is ingested.
  if (!['VECTOR', 'MANAGED'].includes(String(base.text('KnowledgeBaseConfiguration.Type')))) return notApplicable;
  const sources = inventory.referrers('AWS::Bedrock::DataSource', 'KnowledgeBaseId', base);
  const role = inventory.mustFind(base, base.get('RoleArn'), 'the role');
  return verdict([
    sources.length === 0 && 'no data source feeds it; allowed: an AWS::Bedrock::DataSource',
    trustsAnybody(role) &&
      `${role.logicalId} trusts Bedrock whoever asks it; allowed: a condition on aws:SourceAccount or aws:SourceArn`,
  ]);
}

/** Whether a function, a state machine or a schedule with this role runs by itself, and not only when someone asks. */
function runs(role: TemplateResource, inventory: Inventory): boolean | undefined {
  const functions = inventory
    .ofType('AWS::Lambda::Function')
    .filter((fn) => inventory.names(fn, fn.properties['Role'], role));
  const others = inventory
    .ofType('AWS::StepFunctions::StateMachine', 'AWS::Scheduler::Schedule')
    .filter((each) => inventory.names(each, each.properties['RoleArn'] ?? each.get('Target.RoleArn'), role));
  if (functions.length + others.length === 0) return undefined;
  return (
    others.length > 0 ||
    functions.some(
      (fn) =>
        asynchronousSources(fn, inventory).length +
          inventory.mappingsOf(fn).length +
          inventory.integrationsOf(fn).length >
        0,
    )
  );
}

function checkSource(source: TemplateResource, inventory: Inventory): Verdict {
  const base = inventory.referent(source, source.get('KnowledgeBaseId'));
  if (base?.type !== KNOWLEDGE_BASE) throw new CannotTell('the knowledge base is not in these templates');
  const feeding = inventory.ofType(...POLICY_HOLDERS).flatMap((holder) =>
    ownStatements(holder)
      .filter((statement) => FEEDS.some((action) => allows(statement, action)))
      .filter(({ resources }) => resources.some((each) => each === '*' || inventory.mentions(holder, each, base)))
      .flatMap(() => rolesOf(holder, inventory)),
  );
  if (feeding.length === 0) {
    return mustHold(false, 'no role may start its ingestion, so nothing is found; allowed: bedrock:StartIngestionJob');
  }
  const runners = feeding.map((role) => runs(role, inventory));
  if (runners.includes(true)) return compliant;
  if (runners.includes(undefined)) throw new CannotTell('who starts its ingestion is not in these templates');
  return mustHold(false, 'nothing starts its ingestion when documents change; allowed: events, or a schedule');
}

export const ragKnowledgeBase: Rule = {
  id: 'rag-knowledge-base',
  title: 'A knowledge base has a data source that is ingested by itself, and a role for its account',
  why: 'A knowledge base finds only what an ingestion job has read: without one after each change, answers are old or missing. A role that trusts Bedrock without a condition can be used for a knowledge base of another account.',
  fix: 'Add an AWS::Bedrock::DataSource, let an event or a schedule run code that may call bedrock:StartIngestionJob, and put aws:SourceAccount or aws:SourceArn in the trust policy.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/bedrock/latest/userguide/kb-data-source-sync-ingest.html',
  example: {
    fixed: {
      Base: {
        Type: 'AWS::Bedrock::KnowledgeBase',
        Properties: {
          Name: 'docs',
          KnowledgeBaseConfiguration: { Type: 'VECTOR' },
          RoleArn: { 'Fn::GetAtt': ['BaseRole', 'Arn'] },
        },
      },
      BaseRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {
            Statement: [
              {
                Effect: 'Allow',
                Action: 'sts:AssumeRole',
                Principal: { Service: 'bedrock.amazonaws.com' },
                Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
              },
            ],
          },
        },
      },
      Source: {
        Type: 'AWS::Bedrock::DataSource',
        Properties: { Name: 'docs', KnowledgeBaseId: { Ref: 'Base' } },
      },
      Nightly: {
        Type: 'AWS::Scheduler::Schedule',
        Properties: {
          ScheduleExpression: 'rate(1 day)',
          Target: { RoleArn: { 'Fn::GetAtt': ['IngestRole', 'Arn'] } },
        },
      },
      IngestRole: {
        Type: 'AWS::IAM::Role',
        Properties: {
          Policies: [
            {
              PolicyName: 'ingest',
              PolicyDocument: {
                Statement: [
                  {
                    Effect: 'Allow',
                    Action: 'bedrock:StartIngestionJob',
                    Resource: { 'Fn::GetAtt': ['Base', 'KnowledgeBaseArn'] },
                  },
                ],
              },
            },
          ],
        },
      },
    },
    broken: [
      { Source: null },
      { 'BaseRole.Properties.AssumeRolePolicyDocument.Statement.0.Condition': null },
      { IngestRole: null },
      {
        Nightly: {
          Type: 'AWS::Lambda::Function',
          Properties: { Role: { 'Fn::GetAtt': ['IngestRole', 'Arn'] } },
        },
      },
    ],
  },
  types: [KNOWLEDGE_BASE, 'AWS::Bedrock::DataSource'],
  check: (resource, inventory) =>
    resource.type === KNOWLEDGE_BASE ? checkKnowledgeBase(resource, inventory) : checkSource(resource, inventory),
};
