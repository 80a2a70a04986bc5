// @project unit

import type { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { HEAD_BYTES } from '../../../../lib/runtime/file-signatures';
import { InspectedObjects } from '../../../../patterns/web-app/runtime/inspected-objects';

interface Command {
  readonly constructor: { readonly name: string };
  readonly input: object;
}

/** Objects of a bucket whose S3 answers as told, and what was asked of it. */
function objectsWith(...answers: readonly (object | Error)[]) {
  const asked: (readonly [string, object])[] = [];
  const left = [...answers];
  const send = async (command: Command) => {
    asked.push([command.constructor.name, command.input]);
    const answer = left.shift() ?? {};
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { asked, objects: new InspectedObjects('files', { send } as unknown as S3Client) };
}

const named = (name: string) => Object.assign(new Error(name), { name });
const bodyOf = (text: string) => ({ transformToByteArray: async () => Buffer.from(text) });
const HEAD = Buffer.from('head');

describe('a look at an object', () => {
  it('asks for its first bytes by one request', async () => {
    const { asked, objects } = objectsWith({ Body: bodyOf('head') });
    await objects.look('uploads/ada/1');
    const Range = `bytes=0-${HEAD_BYTES - 1}`;
    expect(asked).toEqual([['GetObjectCommand', { Bucket: 'files', Key: 'uploads/ada/1', Range }]]);
  });

  it.each([
    ['bytes 0-3/4', 4],
    ['bytes 0-3/1234567890', 1_234_567_890],
    ['bytes 0-3/*', 4],
    ['bytes 0-3/12x', 4],
    ['bytes 0-3/', 4],
    ['', 4],
    [undefined, 4],
  ])('takes its size from Content-Range %j', async (ContentRange, size) => {
    const { objects } = objectsWith({ Body: bodyOf('head'), ContentRange, ContentType: 'text/plain' });
    expect(await objects.look('uploads/ada/1')).toEqual({ head: HEAD, size, contentType: 'text/plain' });
  });

  it('finds nothing in an object without a body, and no type where none is told', async () => {
    const { objects } = objectsWith({});
    expect(await objects.look('uploads/ada/1')).toEqual({ head: new Uint8Array(), size: 0, contentType: '' });
  });

  it('finds an object of nothing, which has no first byte', async () => {
    const { objects } = objectsWith(named('InvalidRange'));
    expect(await objects.look('uploads/ada/1')).toEqual({ head: new Uint8Array(), size: 0, contentType: '' });
  });

  it('finds none that is not there, and fails for all else', async () => {
    expect(await objectsWith(named('NoSuchKey')).objects.look('uploads/ada/1')).toBeUndefined();
    await expect(objectsWith(named('AccessDenied')).objects.look('uploads/ada/1')).rejects.toThrow('AccessDenied');
  });
});

describe('an object goes into quarantine', () => {
  const MOVED = [
    [
      'CopyObjectCommand',
      { Bucket: 'files', Key: 'quarantine/ada/a b+ü', CopySource: 'files/uploads/ada/a%20b%2B%C3%BC' },
    ],
    ['DeleteObjectCommand', { Bucket: 'files', Key: 'uploads/ada/a b+ü' }],
  ];

  it('as a copy, and then it goes', async () => {
    const { asked, objects } = objectsWith();
    await objects.quarantine('uploads/ada/a b+ü');
    expect(asked).toEqual(MOVED);
  });

  it('also if somebody moved it before', async () => {
    const { asked, objects } = objectsWith(named('NoSuchKey'));
    await objects.quarantine('uploads/ada/a b+ü');
    expect(asked).toEqual(MOVED);
  });

  it('and stays where it is when it cannot be copied', async () => {
    const { asked, objects } = objectsWith(named('SlowDown'));
    await expect(objects.quarantine('uploads/ada/a b+ü')).rejects.toThrow('SlowDown');
    expect(asked.map(([name]) => name)).toEqual(['CopyObjectCommand']);
  });
});

it('an object is deleted by its key', async () => {
  const { asked, objects } = objectsWith();
  await objects.delete('uploads/ada/1');
  expect(asked).toEqual([['DeleteObjectCommand', { Bucket: 'files', Key: 'uploads/ada/1' }]]);
});
