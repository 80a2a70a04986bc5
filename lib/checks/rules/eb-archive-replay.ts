import { type Rule, verdict } from '../rule';

/** Keep an archive so events can be replayed. */
export const ebArchiveReplay: Rule = {
  id: 'eb-archive-replay',
  types: ['AWS::Events::EventBus'],
  check: (bus, inventory) => {
    const archives = inventory
      .ofType('AWS::Events::Archive')
      .filter((each) => inventory.names(each, each.get('SourceArn'), bus));
    return verdict([
      archives.length === 0 && 'no archive, so lost events cannot be replayed',
      ...archives.map(
        (archive) => !archive.has('RetentionDays') && 'the archive keeps events forever: no RetentionDays',
      ),
    ]);
  },
};
