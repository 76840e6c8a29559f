// What readers of files say in English is wrong inside of one, in the reader's language. What is not known stays as it is.
import { said, type Phrase, type Words } from './expected.ts';

const REASONS: readonly Phrase[] = [
  [/^neither PNG nor JPEG$/, 'reason.noPicture'],
  [/^is cut off, or no PNG$/, 'reason.cutPng'],
  [/^is cut off, or no JPEG$/, 'reason.cutJpeg'],
  [/^has a header that makes no picture$/, 'reason.header'],
  [/^cannot be decoded/, 'reason.decode'],
  [/^damaged or cut off$/, 'reason.damaged'],
  [/^is damaged$/, 'reason.decode'],
  [/^is cut off$/, 'reason.cut'],
  [/^goes on after/, 'reason.goesOn'],
  [/^is there twice$/, 'reason.twice'],
  [/^no folder names its class$/, 'reason.noFolder'],
  [/^has no directory: it is cut off, or no zip archive$/, 'reason.noZip'],
  [/^is no NPY file$/, 'reason.noNpy'],
  [/^another shape or type$/, 'reason.shape'],
];

export const reasonWording = (reason: string, words: Words): string => said(REASONS, reason, words) ?? reason;
