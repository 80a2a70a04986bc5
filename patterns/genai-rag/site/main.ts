import { ApiClient } from '../../../lib/site/api-client';
import { element } from '../../../lib/site/element';
import type { Page } from '../../../lib/site/page';
import { missingPage } from '../../../lib/site/plain-pages';
import { SiteShell, startSite } from '../../../lib/site/site-shell';
import { CALLBACK_PATH, LOGIN_SCOPES, SIGNED_OUT_PATH } from '../contract';
import { accountPage } from './account-page';
import { conversationPage, newConversationPage } from './conversation-page';
import { conversationsPage } from './conversations-page';
import { documentsPage } from './documents-page';
import { RagApi } from './rag-api';
import type { RagSite } from './rag-site';

class GenAiRag extends SiteShell implements RagSite {
  readonly api = new RagApi(new ApiClient(this.signIn));
  protected readonly name = 'Answers';
  protected override readonly places = {
    '/documents': 'Documents',
    '/conversations': 'Conversations',
    '/account': 'Account',
  };

  protected page(path: string, leave: AbortSignal): Promise<Page> | Page {
    const [, folder, id, more] = path.split('/');
    if (folder === '') return newConversationPage(this, leave);
    if (folder === 'documents' && id === undefined) return documentsPage(this, leave);
    if (folder === 'account' && id === undefined) return accountPage(this, leave);
    if (folder === 'conversations' && id === undefined) return conversationsPage(this);
    if (folder === 'conversations' && id && more === undefined) {
      return conversationPage(this, decodeURIComponent(id), leave);
    }
    return missingPage(this, 'Ask a question');
  }

  protected welcome(begin: () => void): Page {
    return {
      title: 'Answers',
      content: [
        element('h1', { tabindex: '-1' }, 'Ask your documents'),
        element('p', {}, 'Upload documents, ask about them, and see the sources of each answer.'),
        element('button', { type: 'button', class: 'primary', click: begin }, 'Sign in'),
      ],
    };
  }
}

startSite(
  { scopes: LOGIN_SCOPES, callbackPath: CALLBACK_PATH, signedOutPath: SIGNED_OUT_PATH },
  (signIn, parts) => new GenAiRag(signIn, parts),
);
