/** Encodings that text comes in: UTF-16 is told by its byte order mark, Windows-1252 is what Excel saves a CSV file as. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/**
 * What bytes are as text. `unknown`: text of some other code page, which has characters where Windows-1252 has none, or UTF-8 with
 * broken characters; `undefined`: no text at all.
 */
export type TextFinding = TextEncoding | 'unknown' | undefined;

/** How much of a text was read. */
export interface TextExtent {
  /** Whether that was all: else the last character may be cut. @default true */
  readonly isWhole?: boolean;
}

const UTF8_MARK = [0xef, 0xbb, 0xbf] as const;

/** Windows-1252 where it differs from ISO 8859-1; 0xFFFD where it has no character (unicode.org, CP1252.TXT). */
const WINDOWS_1252_80_TO_9F = [
  ...[0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021],
  ...[0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd],
  ...[0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014],
  ...[0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178],
];

/**
 * Finds the encoding of a text that comes in pieces. Text holds no NUL and of the other control characters below U+0020 the tab, the
 * line ends and the form feed alone.
 */
export class TextScan {
  /** The first bytes, until there are enough for a byte order mark. */
  #held?: Uint8Array = new Uint8Array();
  #isMarkedUtf8 = false;
  #utf16?: Utf16Scan;
  readonly #utf8 = new TextDecoder('utf-8', { fatal: true });
  #isUtf8 = true;
  #hasControl = false;
  /** Whether there is a byte that Windows-1252 has no character for. */
  #hasUndefined = false;

  add(bytes: Uint8Array): void {
    if (this.#held === undefined) this.#scan(bytes);
    else {
      this.#held = Buffer.concat([this.#held, bytes]);
      if (this.#held.length >= UTF8_MARK.length) this.#begin(this.#held);
    }
  }

  finding({ isWhole = true }: TextExtent = {}): TextFinding {
    if (this.#held !== undefined) this.#begin(this.#held);
    if (this.#utf16 !== undefined) return this.#utf16.isText(isWhole) ? this.#utf16.encoding : undefined;
    if (this.#hasControl) return undefined;
    if (this.#isUtf8 && (!isWhole || this.#decodes(new Uint8Array(), false))) return 'utf-8';
    return this.#isMarkedUtf8 || this.#hasUndefined ? 'unknown' : 'windows-1252';
  }

  #begin(start: Uint8Array): void {
    this.#held = undefined;
    const isLittle = start[0] === 0xff && start[1] === 0xfe;
    const isBig = start[0] === 0xfe && start[1] === 0xff;
    if (isLittle || isBig) this.#utf16 = new Utf16Scan(isLittle);
    this.#isMarkedUtf8 = UTF8_MARK.every((byte, index) => start[index] === byte);
    this.#scan(start);
  }

  #scan(bytes: Uint8Array): void {
    if (this.#utf16 !== undefined) {
      this.#utf16.add(bytes);
      return;
    }
    if (this.#isUtf8) this.#isUtf8 = this.#decodes(bytes, true);
    for (const byte of bytes) {
      if (byte < 0x20) this.#hasControl ||= isControl(byte);
      else if (byte >= 0x80 && byte < 0xa0) this.#hasUndefined ||= WINDOWS_1252_80_TO_9F[byte - 0x80] === 0xfffd;
    }
  }

  #decodes(bytes: Uint8Array, stream: boolean): boolean {
    try {
      this.#utf8.decode(bytes, { stream });
      return true;
    } catch {
      return false;
    }
  }
}

/** Reads UTF-16 unit by unit. */
class Utf16Scan {
  readonly encoding: 'utf-16le' | 'utf-16be';
  #half?: number;
  #isGood = true;
  /** Whether the last unit was the first half of a character. */
  #isOpen = false;

  constructor(private readonly isLittle: boolean) {
    this.encoding = isLittle ? 'utf-16le' : 'utf-16be';
  }

  add(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#half === undefined) {
        this.#half = byte;
        continue;
      }
      const unit = this.isLittle ? this.#half | (byte << 8) : (this.#half << 8) | byte;
      this.#half = undefined;
      const isSecond = unit >= 0xdc00 && unit < 0xe000;
      if (isSecond !== this.#isOpen || (unit < 0x20 && isControl(unit))) this.#isGood = false;
      this.#isOpen = unit >= 0xd800 && unit < 0xdc00;
    }
  }

  isText(isWhole: boolean): boolean {
    return this.#isGood && (!isWhole || (this.#half === undefined && !this.#isOpen));
  }
}

/** The encoding of a text's beginning, or of all of it. */
export function textEncodingOf(bytes: Uint8Array, extent?: TextExtent): TextFinding {
  const scan = new TextScan();
  scan.add(bytes);
  return scan.finding(extent);
}

/** The text that bytes hold, without a byte order mark. They are what {@link TextScan} has found. */
export function decodedText(bytes: Uint8Array, encoding: TextEncoding): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (encoding) {
    case 'utf-8':
      return withoutMark(buffer.toString('utf8'));
    case 'utf-16le':
      return withoutMark(buffer.toString('utf16le'));
    case 'utf-16be':
      return withoutMark(Buffer.from(buffer).swap16().toString('utf16le'));
    default:
      // Not by TextDecoder: some versions of Node.js read ISO 8859-1 by this name (github.com/nodejs/node/issues/56542).
      return buffer
        .toString('latin1')
        .replace(/[\x80-\x9f]/g, (character) =>
          String.fromCharCode(WINDOWS_1252_80_TO_9F[character.charCodeAt(0) - 0x80] ?? 0xfffd),
        );
  }
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** Whether a code below 0x20 is no tab, line end or form feed. */
function isControl(code: number): boolean {
  return code !== 0x09 && code !== 0x0a && code !== 0x0c && code !== 0x0d;
}
