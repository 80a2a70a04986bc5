// @project unit

import { expect, it } from 'vitest';
import { attachmentOf } from '../../../../patterns/web-app/runtime/attachment-rows';

it('an attachment is shown with a size that is a number, and without where its file is', () => {
  const row = { id: '1', name: 'a.png', content_type: 'image/png', size: '5368709120', status: 'ready' } as const;
  expect(attachmentOf({ ...row, object_key: 'uploads/ada/1', upload_id: 'u' })).toEqual({
    id: '1',
    name: 'a.png',
    contentType: 'image/png',
    size: 5_368_709_120,
    status: 'ready',
  });
});
