import { clearMessages, warn } from '../../../lib/site/announce';
import { element } from '../../../lib/site/element';
import { FileUpload } from '../../../lib/site/file-upload';
import type { Page } from '../../../lib/site/page';
import { randomValue } from '../../../lib/site/pkce';
import { sendForm, type UploadOptions } from '../../../lib/site/upload';
import { fileSize } from '../../../lib/site/wording';
import { type DocumentType, LARGEST_DOCUMENT_BYTES, type RagDocument } from '../contract';
import { DocumentList } from './document-list';
import { ACCEPTED, documentType } from './document-type';
import type { RagSite } from './rag-site';

const KINDS = `PDF, text, Markdown, HTML, CSV, Word or Excel, up to ${fileSize(LARGEST_DOCUMENT_BYTES)} each.`;

/** The documents that questions are answered from, and where to add some. */
export async function documentsPage(site: RagSite, leave: AbortSignal): Promise<Page> {
  const [me, first] = await Promise.all([site.api.me(), site.api.documents()]);
  const heading = element('h1', { tabindex: '-1' }, 'Documents');
  const list = new DocumentList(site, first, leave, () => heading.focus());
  const uploads = element('ul', { class: 'files' });
  const input = element('input', {
    id: 'file',
    type: 'file',
    multiple: true,
    accept: ACCEPTED,
    'aria-describedby': 'kinds',
  });

  const choose = async () => {
    const files = [...(input.files ?? [])];
    input.value = '';
    const checked = files.map((file) => ({ file, ...check(file) }));
    const [refusal, ...refusals] = checked.flatMap((each) => each.refusal ?? []);
    clearMessages();
    if (refusal !== undefined) warn(refusal, ...refusals.map((text) => element('p', {}, text)));
    for (const { file, type } of checked) {
      if (type === undefined) continue;
      if (leave.aborted) return;
      const upload = new FileUpload(site, {
        file,
        transfer: transferOf(site, file, type),
        arrived: `${file.name} is uploaded, and being ingested`,
        leave,
      });
      uploads.append(upload.row);
      void upload.finished.then((document) => {
        upload.row.remove();
        if (document !== undefined) list.add(document);
      });
      // One after the other; one that failed waits for its person, and the others for no one.
      await upload.tried;
    }
  };
  input.addEventListener('change', () => void choose());

  const add = element(
    'section',
    { class: 'card', 'aria-labelledby': 'add' },
    element('h2', { id: 'add' }, 'Upload'),
    element('label', { for: 'file' }, 'Add documents'),
    input,
    element('p', { id: 'kinds', class: 'quiet' }, KINDS),
    uploads,
  );
  return { title: 'Documents', content: [heading, element('p', {}, audience(me.tenant)), add, ...list.content] };
}

/** Who sees the documents. */
function audience(tenant: string): string {
  if (!tenant.startsWith('t-'))
    return 'You are not in a group: only you can see these documents and get answers from them.';
  return `Everyone in “${tenant.slice(2)}” can see these documents, get answers from them and delete them.`;
}

/** What a file is sent as, or why it is not worth sending. */
function check(file: File): { readonly type?: DocumentType; readonly refusal?: string } {
  const { name, size } = file;
  const type = documentType(file);
  if (type === undefined) return { refusal: `“${name}” is not a supported kind of document. ${KINDS}` };
  if (size === 0) return { refusal: `“${name}” is empty.` };
  if (size > LARGEST_DOCUMENT_BYTES) return { refusal: `“${name}” is too large (${fileSize(size)}). ${KINDS}` };
  return { type };
}

/** Sends a file as one document, however often it is tried. */
function transferOf(site: RagSite, file: File, contentType: DocumentType) {
  const key = randomValue();
  return async (options: Required<UploadOptions>): Promise<RagDocument> => {
    const request = { name: file.name.slice(-200), contentType, size: file.size };
    const { document, upload } = await site.api.addDocument(request, key, options.signal);
    await sendForm(upload, file, options);
    // Its file has come: the API hears of it in a moment.
    return { ...document, status: 'pending' };
  };
}
