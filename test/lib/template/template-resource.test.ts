import { describe, expect, it } from 'vitest';
import { CannotTell, flagOf, isIntrinsic, numberOf, TemplateResource } from '../../../lib/template/template-resource';
import { att, join, NO_VALUE, PARAMETER } from '../checks/literal-fixture';

const made = (Properties?: Record<string, unknown>, Metadata?: Record<string, unknown>, path?: string) =>
  new TemplateResource(
    'Mine',
    'It',
    { Type: 'A::B::C', ...(Properties && { Properties }), ...(Metadata && { Metadata }) },
    path,
  );

describe('an intrinsic', () => {
  it.each([PARAMETER, NO_VALUE, att('A'), join('a'), { 'Fn::If': ['A', 1, 2] }])('is %j', (value) => {
    expect(isIntrinsic(value)).toBe(true);
  });
  it.each([undefined, null, '', 'Ref', 1, [], [PARAMETER], {}, { Reference: 'a' }, { Ref: 'a', Other: 'b' }])(
    'is not %j',
    (value) => {
      expect(isIntrinsic(value)).toBe(false);
    },
  );
});

describe('a resource', () => {
  it('is read by path', () => {
    const it = made({ A: { B: [{ C: 1 }] }, D: PARAMETER, E: { F: PARAMETER } });
    expect(it.get('A.B')).toEqual([{ C: 1 }]);
    expect(it.get('A.B.0.C')).toBe(1);
    expect(it.get('A.X.Y')).toBeUndefined();
    expect(it.get('D')).toEqual(PARAMETER);
    expect(it.get('E.F')).toEqual(PARAMETER);
    expect(made().get('A')).toBeUndefined();
    expect(made().properties).toEqual({});
  });

  it('cannot tell what is known at deployment, and names it', () => {
    const it = made({ D: PARAMETER, E: { F: PARAMETER } });
    expect(() => it.get('D.X')).toThrow(new CannotTell('D.X is known only at deployment'));
    for (const read of ['literal', 'number', 'flag', 'list'] as const) {
      expect(() => it[read]('E.F')).toThrow(new CannotTell('E.F is known only at deployment'));
    }
  });

  it('reads numbers and switches as CloudFormation does', () => {
    const it = made({ A: 5, B: '5', C: 0, T: true, U: 'true', F: false, G: 'false', N: NO_VALUE });
    expect(['A', 'B', 'C', 'X', 'N'].map((name) => it.number(name))).toEqual([5, 5, 0, undefined, undefined]);
    expect(['T', 'U', 'F', 'G', 'X', 'N'].map((name) => it.flag(name))).toEqual([
      true,
      true,
      false,
      false,
      undefined,
      undefined,
    ]);
    expect(() => numberOf(PARAMETER, 'A')).toThrow(new CannotTell('A is known only at deployment'));
    expect(() => flagOf(PARAMETER, 'A')).toThrow(CannotTell);
  });

  it('reads one or many as a list', () => {
    const it = made({ A: [1, 2], B: 1 });
    expect([it.list('A'), it.list('B'), it.list('C')]).toEqual([[1, 2], [1], []]);
  });

  it('takes what has no value for not set', () => {
    const it = made({ A: NO_VALUE, B: { C: NO_VALUE }, D: null, E: '', F: PARAMETER });
    expect(['A', 'B.C', 'B.C.D', 'X', 'B', 'D', 'E', 'F'].map((path) => it.has(path))).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
      true,
      true,
    ]);
    expect([it.literal('A'), it.list('A')]).toEqual([undefined, []]);
  });

  it('cannot tell whether a condition sets it', () => {
    const either = (...choices: unknown[]) => made({ A: { 'Fn::If': ['Prod', ...choices] } });
    expect(() => either('a', NO_VALUE).has('A')).toThrow(
      new CannotTell('whether A is set is known only at deployment'),
    );
    expect(() => either(NO_VALUE, 'a').has('A')).toThrow(CannotTell);
    expect(either('a', 'b').has('A')).toBe(true);
  });

  it('is called by its construct path, else by its metadata, else by its id', () => {
    const metadata = { 'aws:cdk:path': 'Mine/It' };
    expect([made().path, made({}, metadata).path, made({}, metadata, 'Stage/Mine/It').path]).toEqual([
      'It',
      'Mine/It',
      'Stage/Mine/It',
    ]);
  });

  it('declares what the project says of it', () => {
    expect([made().declared, made({}, { groundplan: { public: true } }).declared]).toEqual([{}, { public: true }]);
  });
});
