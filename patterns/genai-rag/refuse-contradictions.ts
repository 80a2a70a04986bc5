import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { refuse } from '../../lib/validation/refuse';
import type { GenAiRagProps } from './genai-rag-props';

/**
 * Refuses what would be passed over in silence beside a resource of yours, and an address of yours that pages cannot go on from.
 *
 * @throws RefusedValueError for `knowledge` or `answers.guardrail` beside what it would be about, or a `loginUrl` that is no origin
 */
export function refuseContradictions(scope: IConstruct, { knowledge, answers, existing = {} }: GenAiRagProps): void {
  const given = Object.entries(knowledge ?? {}).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (existing.knowledgeBase !== undefined && given.length > 0) {
    refuse(scope, {
      prop: 'knowledge',
      value: given,
      allowed: 'no value with existing.knowledgeBase',
      fix: 'set it on that knowledge base, and omit it here',
      catalogueId: 'rag-knowledge-base',
    });
  }
  if (existing.guardrail !== undefined && answers?.guardrail !== undefined) {
    refuse(scope, {
      prop: 'answers.guardrail',
      value: Object.keys(answers.guardrail),
      allowed: 'no value with existing.guardrail',
      fix: 'set it in that guardrail, and pass its new version',
      catalogueId: 'bedrock-guardrail-policies',
    });
  }
  const loginUrl = existing.users?.loginUrl;
  if (loginUrl === undefined || Token.isUnresolved(loginUrl) || isOrigin(loginUrl)) return;
  refuse(scope, {
    prop: 'existing.users.loginUrl',
    value: loginUrl,
    allowed: 'https:// and a host name, such as https://login.example.com',
    fix: 'leave out the path and the slash at the end: the site adds /oauth2/authorize and /oauth2/token',
  });
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && text.startsWith('https://') && new URL(text).origin === text;
}
