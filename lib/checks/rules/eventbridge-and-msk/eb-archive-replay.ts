import type { TemplateResource } from '../../../template/template-resource';
import { type Rule, verdict } from '../../rule';

/** Whether an archive never forgets: 0 days are forever, and what it has when it does not say (AWS::Events::Archive). */
const keepsForEver = (archive: TemplateResource): boolean =>
  !archive.has('RetentionDays') || Number(archive.get('RetentionDays')) === 0;

export const ebArchiveReplay: Rule = {
  id: 'eb-archive-replay',
  title: 'A bus has an archive that keeps its events for a number of days',
  why: 'When a consumer has lost or spoiled events, a replay from the archive is the way to get them back. An archive with no RetentionDays, or 0, keeps and bills every event forever.',
  fix: 'Add an AWS::Events::Archive with the SourceArn of the bus and RetentionDays of 1 or more (archive of EventBus in the CDK).',
  severity: 'warning',
  profile: 'operations',
  address: 'https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html',
  example: {
    fixed: {
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'orders' } },
      Archive: {
        Type: 'AWS::Events::Archive',
        Properties: { SourceArn: { 'Fn::GetAtt': ['Bus', 'Arn'] }, RetentionDays: 1 },
      },
    },
    broken: [
      { Archive: null },
      { 'Archive.Properties.RetentionDays': null },
      { 'Archive.Properties.RetentionDays': 0 },
      { 'Archive.Properties.SourceArn': 'arn:aws:events:eu-west-1:111122223333:event-bus/payments' },
    ],
  },
  types: ['AWS::Events::EventBus'],
  check: (bus, inventory) => {
    const archives = inventory.referrers('AWS::Events::Archive', 'SourceArn', bus);
    return verdict([
      archives.length === 0 && 'no archive, so lost events cannot be replayed',
      ...archives.map((archive) => keepsForEver(archive) && 'the archive keeps events forever: no RetentionDays, or 0'),
    ]);
  },
};
