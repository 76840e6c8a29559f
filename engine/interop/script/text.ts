// Python as text: literals, lines, comments. What comes from a document (names, descriptions) becomes Python here and nowhere
// else, so that no name can end a string or a comment and go on as code.

/** Comments and texts are wrapped to this. */
const WIDTH = 100;

/** Every import that a script can need, in the order in which they are written; an empty text parts the groups. */
export const IMPORTS = {
  argparse: 'import argparse',
  json: 'import json',
  math: 'import math',
  tarfile: 'import tarfile',
  OrderedDict: 'from collections import OrderedDict',
  Path: 'from pathlib import Path',
  separator: '',
  numpy: 'import numpy as np',
  torch: 'import torch',
  F: 'import torch.nn.functional as F',
  nn: 'from torch import nn',
  loader: 'from torch.utils.data import DataLoader, TensorDataset',
} as const;
export type Import = Exclude<keyof typeof IMPORTS, 'separator'>;

/** A piece of a script and what it has to import. */
export interface Part {
  readonly imports: readonly Import[];
  readonly lines: readonly string[];
}

export const NOTHING: Part = { imports: [], lines: [] };

/** Parts one after another. */
export const joinParts = (parts: readonly Part[]): Part => ({
  imports: parts.flatMap((x) => x.imports),
  lines: parts.flatMap((x) => x.lines),
});

export function importLines(used: readonly Import[]): string[] {
  const wanted = new Set<string>(used);
  const lines = Object.entries(IMPORTS).flatMap(([key, line]) =>
    key === 'separator' || wanted.has(key) ? [line] : [],
  );
  return lines[0] === '' ? lines.slice(1) : lines;
}

export const indent = (lines: readonly string[], levels = 1): string[] =>
  lines.map((line) => (line === '' ? '' : '    '.repeat(levels) + line));

/** A Python float: `1.0`, `0.001`, `1e-8`. */
export function pyFloat(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return `${value}.0`;
  return Math.abs(value) < 1e-4 ? value.toExponential() : String(value);
}

/** 1 - value for a share with a few digits: 0.1 for 0.9, not 0.09999999999999998. */
export const complement = (value: number): string => pyFloat(Number((1 - value).toPrecision(12)));

/** A Python string with the text as it is; JSON's escapes are Python's. */
export const pyString = (text: string): string =>
  JSON.stringify(text.toWellFormed()).replace(
    /[\u007f\u0085\u2028\u2029]/g,
    (x) => `\\u${x.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

export const pyBool = (value: boolean): string => (value ? 'True' : 'False');

/** `(3, 32, 32)`, `(3,)`. */
export const pyTuple = (items: readonly (string | number)[]): string =>
  items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;

/** One number for both directions, or a pair: as the document has it. */
export const pyPair = (value: number | readonly [number, number]): string =>
  typeof value === 'number' ? String(value) : pyTuple(value);

/** A call's arguments: what is undefined is left out. */
export const pyCall = (callee: string, args: readonly (string | number | undefined)[]): string =>
  `${callee}(${args.filter((x) => x !== undefined).join(', ')})`;

/** `name=value`, unless the value is the callee's own default. */
export const keyword = <T>(name: string, value: T, fallback: T, write: (value: T) => string): string | undefined =>
  value === fallback ? undefined : `${name}=${write(value)}`;

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((x) => x !== '')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' ? lines : [...lines, line];
}

/** A text of a document within a comment or docstring: on one line, without quotes or backslashes that would mean something there. */
export const plain = (text: string): string =>
  text
    .toWellFormed()
    .replaceAll('\\', '/')
    .replaceAll('"', "'")
    .replace(/[\u0000-\u001f\u007f\u0085\u2028\u2029\s]+/gu, ' ')
    .trim();

/** `# …`, wrapped. @param levels how deep it will be indented. */
export const comment = (text: string, levels = 0): string[] =>
  wrap(text, WIDTH - 2 - 4 * levels).map((line) => `# ${line}`);

/** A docstring of paragraphs; each is wrapped, an empty text parts them. */
export function docstring(paragraphs: readonly string[]): string[] {
  const lines = paragraphs.flatMap((text) => (text === '' ? [''] : /^ {4}/.test(text) ? [text] : wrap(text, WIDTH)));
  return lines.length === 1 ? [`"""${lines[0]}"""`] : [`"""`, ...lines, `"""`];
}

/** A list, on one line when it is short. */
export function pyList(items: readonly string[], open = '[', close = ']'): string[] {
  const short = `${open}${items.join(', ')}${close}`;
  return short.length <= 80 ? [short] : [open, ...indent(items.map((x) => `${x},`)), close];
}

/** Single numbers, or rows of numbers. */
export type Items = readonly number[] | readonly (readonly number[])[];

/** Numbers one after another, as many as go on a line. */
const numberLines = (numbers: readonly number[], levels: number): string[] =>
  wrap(`${numbers.join(', ')},`, WIDTH - 4 * levels);

/** The items of a list of rows, or of single numbers, on lines of their own; both within two levels of brackets. */
export const itemLines = (items: Items): string[] =>
  items.every((x) => typeof x === 'number')
    ? numberLines(items, 2)
    : (items as readonly (readonly number[])[]).flatMap((row) => {
        const short = `${listText(row)},`;
        return short.length <= WIDTH - 8 ? [short] : ['[', ...indent(numberLines(row, 3)), '],'];
      });

/** `[0, 1]`, `[[0, 1], [2, 3]]`. */
export const listText = (items: Items): string =>
  `[${items.map((x) => (typeof x === 'number' ? String(x) : listText(x))).join(', ')}]`;

/** A call too long for a line, with one argument on each. @param text `name=nn.Conv2d(3, 6, kernel_size=(3, 5))` */
export function breakCall(text: string, longest = WIDTH): string[] {
  const open = text.indexOf('(');
  if (text.length <= longest || open < 0 || !text.endsWith(')')) return [text];
  const args: string[] = [];
  let [depth, from] = [0, open + 1];
  for (let at = open + 1; at < text.length - 1; at++) {
    const sign = text[at] ?? '';
    if ('([{'.includes(sign)) depth++;
    else if (')]}'.includes(sign)) depth--;
    else if (sign === ',' && depth === 0) {
      args.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  args.push(text.slice(from, -1).trim());
  return [text.slice(0, open + 1), ...indent(args.map((x) => `${x},`)), ')'];
}

/** A name for files: letters, digits and dashes only, so that it is no path and no option. */
export const fileSlug = (name: string): string =>
  name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60) || 'experiment';

/** Two variables in one line, or in two where that would be long. */
export function pairLines(...pair: readonly [[name: string, value: string], [name: string, value: string]]): string[] {
  const [[a, x], [b, y]] = pair;
  const line = `${a}, ${b} = ${x}, ${y}`;
  return line.length <= 110 ? [line] : [`${a} = ${x}`, `${b} = ${y}`];
}
