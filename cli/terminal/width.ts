/** How many places a text takes in a terminal, and texts made to take no more. */
import { stripVTControlCharacters } from 'node:util';

/** Made when it is first needed: it takes 15 ms, and most texts are narrow. */
let segmenter: Intl.Segmenter | undefined;

function graphemes(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}

/** East Asian scripts, their full-width forms, and what is shown as an emoji. */
const WIDE =
  /^(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|.+\ufe0f)/u;
const ZERO = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u;
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/;
/** Latin letters and what our own tables are drawn with: each one place, and none joins with its neighbour. */
const NARROW = /^[\x20-\x7e\xa1-\xac\xae-\u024f\u2010-\u2027\u2190-\u21ff\u2500-\u259f−≈≤≥]*$/;

/** Colours count for nothing. */
export function widthOf(text: string): number {
  const plain = text.includes('\x1b') ? stripVTControlCharacters(text) : text;
  if (NARROW.test(plain)) return plain.length;
  let width = 0;
  for (const { segment } of graphemes(plain)) width += segmentWidth(segment);
  return width;
}

/** Cut to a width, with an ellipsis where something is missing. `text` holds no colours. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let cut = '';
  let used = 1;
  for (const { segment } of graphemes(text)) {
    used += segmentWidth(segment);
    if (used > width) break;
    cut += segment;
  }
  return `${cut}…`;
}

/**
 * With every control character, line break and direction override written out (`\x1b`, `\u202e`), so that a name
 * which a measured program chose can move no cursor and reorder no line.
 */
export function printable(text: string): string {
  if (PRINTABLE_ASCII.test(text)) return text;
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Prose in lines of at most this width, broken between words. */
export function wrapWords(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

function segmentWidth(segment: string): number {
  if (ZERO.test(segment)) return 0;
  return WIDE.test(segment) ? 2 : 1;
}
