import { textOf } from '../../../template/literal-text';
import { CannotTell, itemsOf, type TemplateResource } from '../../../template/template-resource';
import { containersOf } from '../../containers';
import { endpointsHeldBy, HOLDERS, variablesOf } from '../../endpoint-holders';
import { compliant, mustHold, notApplicable, type Rule } from '../../rule';

/** Seconds that a JVM may keep a name. A security property cannot be set by -D; this one can. */
const TTL = /-Dsun\.net\.inetaddr\.ttl=(\d+)/;
const TTL_SECONDS = 5;
/** A function of CloudFormation, in JSON. */
const LEFT_OPEN = /"(Ref|Fn::\w+)":/;
const JVM_VARIABLES = /^(JAVA_TOOL_OPTIONS|JDK_JAVA_OPTIONS|JAVA_OPTS|_JAVA_OPTIONS)$/;

/** What is said to a JVM; undefined when nothing shows that there is one. */
function jvmOptions(holder: TemplateResource): string | undefined {
  const variables = variablesOf(holder).filter(([name]) => JVM_VARIABLES.test(name));
  const commands =
    holder.type === 'AWS::Lambda::Function'
      ? []
      : containersOf(holder).map(({ Command }) => itemsOf(Command, 'Command'));
  const java =
    variables.length > 0 ||
    textOf(holder.properties['Runtime']).startsWith('java') ||
    commands.some(([program]) => program === 'java');
  return java ? JSON.stringify([variables, commands]) : undefined;
}

export const rdsDnsTtlOrProxy: Rule = {
  id: 'rds-dns-ttl-or-proxy',
  title: 'A Java client of a database keeps its address for at most 5 seconds, or uses a proxy',
  why: 'A failover gives the name of the database to another server. A JVM may keep the old address for as long as it runs: its requests then fail until it is restarted.',
  fix: 'Set JAVA_TOOL_OPTIONS to -Dsun.net.inetaddr.ttl=5, or connect to the endpoint of an AWS::RDS::DBProxy, which stays the same.',
  severity: 'warning',
  profile: 'correctness',
  address: 'https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/jvm-ttl-dns.html',
  example: {
    fixed: {
      Function: {
        Type: 'AWS::Lambda::Function',
        Properties: {
          Runtime: 'java21',
          Environment: {
            Variables: {
              DB_HOST: { 'Fn::GetAtt': ['Database', 'Endpoint.Address'] },
              JAVA_TOOL_OPTIONS: '-Dsun.net.inetaddr.ttl=5',
            },
          },
        },
      },
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: {
          ContainerDefinitions: [
            {
              Name: 'web',
              Command: ['java', '-Dsun.net.inetaddr.ttl=5', '-jar', 'shop.jar'],
              Environment: [{ Name: 'DB_HOST', Value: { 'Fn::GetAtt': ['Database', 'Endpoint.Address'] } }],
            },
          ],
        },
      },
      Database: { Type: 'AWS::RDS::DBInstance', Properties: { Engine: 'postgres', MultiAZ: true } },
    },
    broken: [
      { 'Function.Properties.Environment.Variables.JAVA_TOOL_OPTIONS': '-Dsun.net.inetaddr.ttl=6' },
      { 'Function.Properties.Environment.Variables.JAVA_TOOL_OPTIONS': null },
      { 'Task.Properties.ContainerDefinitions.0.Command': ['java', '-jar', 'shop.jar'] },
    ],
  },
  types: HOLDERS,
  check: (holder, inventory) => {
    const kinds = endpointsHeldBy(holder, inventory).map(({ kind }) => kind);
    if (!kinds.includes('database')) return kinds.includes('proxy') ? compliant : notApplicable;
    const options = jvmOptions(holder);
    // Other runtimes look names up again; that a pool lets its dead connections go is for a test of the code.
    if (options === undefined) return notApplicable;
    const stated = TTL.exec(options)?.[1];
    if (stated === undefined && LEFT_OPEN.test(options))
      throw new CannotTell('what the JVM is told is known only at deployment');
    const seconds = Number(stated ?? Number.POSITIVE_INFINITY);
    return mustHold(
      seconds <= TTL_SECONDS,
      `a JVM keeps the address of a dead node; allowed: the endpoint of a DBProxy, or -Dsun.net.inetaddr.ttl=${TTL_SECONDS}`,
    );
  },
};
