import { asynchronousSources } from '../asynchronous-sources';
import { type Inventory, listOf } from '../inventory';
import { allows, ownStatements, POLICY_HOLDERS, rolesOf } from '../policy-holder';
import { compliant, mustHold, notApplicable, type Rule, type Verdict, verdict } from '../rule';
import { CannotTell, type TemplateResource } from '../template-resource';

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
  if (!['VECTOR', 'MANAGED'].includes(String(base.literal('KnowledgeBaseConfiguration.Type')))) return notApplicable;
  const sources = inventory
    .ofType('AWS::Bedrock::DataSource')
    .filter((each) => inventory.names(each, each.get('KnowledgeBaseId'), base));
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

/** A knowledge base is fed from S3, by something that follows its changes, and works for its own account alone. */
export const ragKnowledgeBase: Rule = {
  id: 'rag-knowledge-base',
  types: [KNOWLEDGE_BASE, 'AWS::Bedrock::DataSource'],
  check: (resource, inventory) =>
    resource.type === KNOWLEDGE_BASE ? checkKnowledgeBase(resource, inventory) : checkSource(resource, inventory),
};
