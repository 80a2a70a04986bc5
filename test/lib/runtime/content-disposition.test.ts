import { expect, it } from 'vitest';
import { attachmentDisposition } from '../../../lib/runtime/content-disposition';

it.each([
  ['report.pdf', `attachment; filename="report.pdf"; filename*=UTF-8''report.pdf`],
  ['naïve €.txt', `attachment; filename="na_ve _.txt"; filename*=UTF-8''na%C3%AFve%20%E2%82%AC.txt`],
  ['a"; filename="b.exe', `attachment; filename="a_; filename=_b.exe"; filename*=UTF-8''a_%3B%20filename%3D_b.exe`],
  ['a\r\nSet-Cookie: x=1', `attachment; filename="a__Set-Cookie: x=1"; filename*=UTF-8''a__Set-Cookie%3A%20x%3D1`],
  ['../../etc/passwd', `attachment; filename=".._.._etc_passwd"; filename*=UTF-8''.._.._etc_passwd`],
  ["it's (1)*%.txt", `attachment; filename="it's (1)*_.txt"; filename*=UTF-8''it%27s%20%281%29%2A%25.txt`],
  // The right-to-left override that makes `exe.png` of `gnp.exe`.
  ['invoice\u202Egnp.exe', `attachment; filename="invoice_gnp.exe"; filename*=UTF-8''invoice_gnp.exe`],
  ['half\uD800.txt', `attachment; filename="half_.txt"; filename*=UTF-8''half_.txt`],
])('saves %j under its name, and says nothing else', (name, header) => {
  expect(attachmentDisposition(name)).toBe(header);
});
