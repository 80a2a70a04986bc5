import type { LocalInput, LocalService } from '../aws/service';
import type { Services } from '../aws/wire';
import type { MotoClient } from './moto-client';

/** moto's DynamoDB in place of ours. */
export function motoDynamoDb(moto: MotoClient): LocalService {
  return { call: (action, input) => moto.call('dynamodb', action, input) };
}

/** What handlers reach when their calls go on to moto. */
export function motoServices(moto: MotoClient): Services {
  const s3: LocalService = {
    call: async (action, { Bucket, Key, Body, ContentType }: LocalInput) => {
      const path = `/${String(Bucket)}/${String(Key)}`;
      if (action === 'PutObject') {
        await moto.s3('PUT', path, Body as Buffer);
        return {};
      }
      return { Body: await moto.s3('GET', path), ContentType: ContentType ?? 'application/octet-stream' };
    },
  };
  return { dynamodb: motoDynamoDb(moto), s3 };
}
