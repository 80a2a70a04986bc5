import { rdsDnsTtlOrProxy } from '../../../../../lib/checks/rules/rds/rds-dns-ttl-or-proxy';
import { att, type Case, cases, join, type Literals, PARAMETER } from '../../literal-fixture';

const address = (id: string, attribute = 'Endpoint.Address') => att(id, attribute);
const option = (seconds: unknown) => `-Xmx1g -Dsun.net.inetaddr.ttl=${String(seconds)}`;
const fn: Literals = {
  Fn: [
    'AWS::Lambda::Function',
    { Runtime: 'java21', Environment: { Variables: { HOST: address('Data'), JAVA_TOOL_OPTIONS: option(5) } } },
  ],
  Data: ['AWS::RDS::DBInstance', {}],
  Proxy: ['AWS::RDS::DBProxy', {}],
};
const OPTIONS = 'Fn.Environment.Variables.JAVA_TOOL_OPTIONS';
const says = 'a JVM keeps the address of a dead node; allowed: the endpoint of a DBProxy, or -Dsun.net.inetaddr.ttl=5';

cases(rdsDnsTtlOrProxy, fn, [
  ['compliant', 'names are kept for five seconds'],
  ['compliant', 'they are not kept', { [OPTIONS]: option(0) }],
  ['violation', 'they are kept for six', { [OPTIONS]: option(6) }, says],
  ['violation', 'they are kept for fifty', { [OPTIONS]: option(50) }, says],
  ['cannot-tell', 'a condition says it', { [OPTIONS]: { 'Fn::If': ['Prod', 'a', 'b'] } }],
  [
    'not-applicable',
    'a longer name tells of none',
    { 'Fn.Runtime': 'provided', 'Fn.Environment.Variables': { HOST: address('Data'), JAVA_OPTS_FILE: 'a' } },
  ],
  ['violation', 'they are kept for ever', { [OPTIONS]: option(-1) }, says],
  ['violation', 'nothing is said', { [OPTIONS]: undefined }, says],
  ['cannot-tell', 'a parameter says it', { [OPTIONS]: PARAMETER }],
  ['compliant', 'a parameter says something else', { [OPTIONS]: join(PARAMETER, option(5)) }],
  ['not-applicable', 'it is no JVM', { 'Fn.Runtime': 'nodejs24.x', [OPTIONS]: undefined }],
  ...['JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', 'JAVA_OPTS', '_JAVA_OPTIONS'].flatMap((name): Case[] => [
    [
      'violation',
      `${name} tells of one`,
      { 'Fn.Runtime': 'provided', 'Fn.Environment.Variables': { HOST: address('Data'), [name]: '' } },
      says,
    ],
    [
      'not-applicable',
      `MY_${name} does not`,
      { 'Fn.Runtime': 'provided', 'Fn.Environment.Variables': { HOST: address('Data'), [`MY_${name}`]: '' } },
    ],
  ]),
  ['compliant', 'it asks a proxy', { 'Fn.Environment.Variables': { HOST: address('Proxy', 'Endpoint') } }],
  [
    'violation',
    'it asks both',
    { 'Fn.Environment.Variables': { A: address('Proxy', 'Endpoint'), B: address('Data') } },
    says,
  ],
  ['not-applicable', 'it asks nothing', { 'Fn.Environment': undefined }],
]);
const task = (Command?: unknown[]): Literals => ({
  Task: [
    'AWS::ECS::TaskDefinition',
    { ContainerDefinitions: [{}, { Command, Environment: [{ Name: 'HOST', Value: address('Data') }] }] },
  ],
  Data: ['AWS::RDS::DBCluster', {}],
});
cases(rdsDnsTtlOrProxy, task(['java', option(5)]), [
  ['compliant', 'names are kept for five seconds'],
  ['violation', 'they are kept for six', task(['java', option(6)]), says],
  ['not-applicable', 'it runs something else', task(['node', 'java'])],
  ['not-applicable', 'it runs what its image says', task()],
]);
