import { ApiClient } from '../../../lib/site/api-client';
import type { Page } from '../../../lib/site/page';
import { missingPage } from '../../../lib/site/plain-pages';
import { SiteShell, startSite } from '../../../lib/site/site-shell';
import { CALLBACK_PATH, LOGIN_SCOPES, SIGNED_OUT_PATH } from '../contract';
import { itemPage } from './item-page';
import { ItemsApi } from './items-api';
import { listPage } from './list-page';
import type { Site } from './page';
import { welcomePage } from './plain-pages';

class WebApp extends SiteShell implements Site {
  readonly api = new ItemsApi(new ApiClient(this.signIn));
  protected readonly name = 'Items';

  protected page(path: string, leave: AbortSignal): Promise<Page> | Page {
    const [, folder, id, more] = path.split('/');
    if (folder === '') return listPage(this);
    if (folder === 'items' && id && more === undefined) return itemPage(this, decodeURIComponent(id), leave);
    return missingPage(this, 'All items');
  }

  protected welcome(begin: () => void): Page {
    return welcomePage(begin);
  }
}

startSite(
  { scopes: LOGIN_SCOPES, callbackPath: CALLBACK_PATH, signedOutPath: SIGNED_OUT_PATH },
  (signIn, parts) => new WebApp(signIn, parts),
);
