import { describe, expect, it } from 'vitest';
import { LocalCloudFormation } from '../../../../local/aws/cloudformation';
import { useCommandProcess } from '../command-process-fixture';

const cloudformation = new LocalCloudFormation({ account: '111111111111', region: 'eu-west-1' });
cloudformation.add({
  name: 'Shop',
  template: { Metadata: { groundplan: { pattern: 'event-driven', stage: 'dev' } } },
  resources: {},
  outputs: { Try: 'npx groundplan try Shop', UserPoolId: 'p', UserPoolClientId: 'c' },
});
const process = useCommandProcess({ cloudformation }, ['try']);

describe('groundplan try as a process', () => {
  it('knows the first request of each pattern, and what it reads', async () => {
    const { code, out, err } = await process.start('Shop', process.local());
    expect([code, out, err]).toEqual([
      1,
      '',
      expect.stringMatching(/^Shop has no output ApiUrl, which the first request of event-driven/),
    ]);
  });

  it('says that there are no credentials, and what to do', async () => {
    const environment = { AWS_EC2_METADATA_DISABLED: 'true', AWS_REGION: 'eu-west-1' };
    const { code, err } = await process.start('Shop', environment);
    expect([code, err]).toEqual([1, expect.stringMatching(/^No AWS credentials: sign in \(aws sso login\)/)]);
  });

  it('says that no region is set', async () => {
    const { AWS_REGION: _, ...environment } = process.local();
    const { code, err } = await process.start('Shop', environment);
    expect([code, err]).toEqual([1, 'No region is set: pass --region, or set AWS_REGION.\n']);
  });
});
