import { expect, it } from 'vitest';
import { PATTERNS } from '../../patterns/patterns';
import { synthesesOf } from '../../patterns/synthesis';
import { Refusal } from '../lib/operations/doctor/account-fixture';
import { useDoctor } from '../lib/operations/doctor/doctor-fixture';
import { blocks } from './markdown';

const fixture = useDoctor();

it('is shown in the README as it answers in a new account', async () => {
  const [command = ''] = blocks('README.md', 'bash').filter((text) => text.startsWith('npx groundplan doctor'));
  const [, , , ...args] = command.trim().split(' ');
  const syntheses = synthesesOf(PATTERNS);
  const { code, out } = await fixture.run(
    args,
    {
      'ssm:GetParameter': () => new Refusal('ParameterNotFound'),
      'lambda:GetAccountSettings': () => ({
        AccountLimit: { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 },
      }),
    },
    { syntheses },
  );
  expect(code).toBe(1);
  expect(blocks('README.md', 'text').map((text) => text.trim())).toContain(out);
});
