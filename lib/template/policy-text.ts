import { CannotTell, isIntrinsic, type TemplateResource } from './template-resource';

/** Stand around the number of a value that only deployment knows; of Unicode's private use, so no policy holds them. */
const OPEN = '\uE000';
const CLOSE = '\uE001';
const MARK = new RegExp(`${OPEN}(\\d+)${CLOSE}`, 'g');

/** A text of a policy that only deployment knows, or whose parts it knows: a `Fn::Join` of what stands in the template. */
function restore(text: string, values: readonly unknown[]): unknown {
  const parts = text.split(MARK).map((part, index) => (index % 2 === 0 ? part : values[Number(part)]));
  const real = parts.filter((part) => part !== '');
  if (real.every((part) => typeof part === 'string')) return text;
  return real.length === 1 ? real[0] : { 'Fn::Join': ['', real] };
}

function flatten(value: unknown, values: unknown[]): string {
  if (typeof value === 'string') return value;
  const mark = (part: unknown): string => `${OPEN}${values.push(part) - 1}${CLOSE}`;
  const [[key, argument] = ['', undefined]] = Object.entries((value ?? {}) as object) as [string, unknown][];
  if (key === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) {
    return argument[1].map((part) => flatten(part, values)).join(String(argument[0]));
  }
  if (key === 'Fn::Sub') {
    const [text, variables = {}] = (Array.isArray(argument) ? argument : [argument]) as [
      unknown,
      Record<string, unknown>,
    ];
    return String(text).replace(/\$\{([^}!]+)\}/g, (_, name: string) => {
      if (name in variables) return flatten(variables[name], values);
      return mark(name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name });
    });
  }
  return mark(value);
}

/**
 * A policy that a template writes as JSON text, such as those of OpenSearch Serverless. What is left to CloudFormation stands in it
 * as the template has it.
 *
 * @throws CannotTell when the text is known only at deployment
 */
export function policyText(resource: TemplateResource, property: string): unknown {
  const value = resource.get(property);
  if (isIntrinsic(value) && 'Fn::ToJsonString' in value) return value['Fn::ToJsonString'];
  const values: unknown[] = [];
  try {
    return JSON.parse(flatten(value, values), (_, each: unknown) =>
      typeof each === 'string' ? restore(each, values) : each,
    );
  } catch {
    throw new CannotTell(`${property} is known only at deployment`);
  }
}
