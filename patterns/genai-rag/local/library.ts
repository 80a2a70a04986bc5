import { ownDocuments } from './documents';
import { type RagPlace, TEST_USERS } from './place';
import { RagVisitor } from './visitor';
import { ingested } from './walk';

/**
 * Uploads this project's own documents for the tenants of the test users and has them ingested, so that there is something to ask:
 * what waits for that is skipped.
 */
export async function fillLibrary(place: RagPlace): Promise<number> {
  const visitors = Object.entries(TEST_USERS).map(([user, group]) => new RagVisitor(place, user, group));
  const documents = ownDocuments();
  const fill = async () => {
    for (const { tenant, name, contentType, content } of documents) {
      const visitor = visitors.find((each) => each.tenant === tenant);
      await visitor?.upload(name, contentType, content);
    }
    await ingested(place, visitors);
  };
  await place.engine.during(fill());
  return documents.length;
}
