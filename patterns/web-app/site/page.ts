import type { SiteControl } from '../../../lib/site/page';
import type { ItemsApi } from './items-api';

/** What a page may use. */
export interface Site extends SiteControl {
  readonly api: ItemsApi;
}
