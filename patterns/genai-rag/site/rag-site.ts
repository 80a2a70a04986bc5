import type { SiteControl } from '../../../lib/site/page';
import type { RagApi } from './rag-api';

/** What a page may use. */
export interface RagSite extends SiteControl {
  readonly api: RagApi;
  /** The page that is shown has another path from now on. */
  moved(path: string): void;
}
