// The catalogue's English text of a bundled example is the document's own; a person's text is left alone.
import { expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { en } from './en.ts';
import { exampleText } from './examples.ts';
import { zhCN } from './zh-cn.ts';

const chinese = (key: Parameters<Parameters<typeof exampleText>[1]>[0]) => String(zhCN[key]);

it.each(Object.entries(EXAMPLES))('%s is described in every language', (_name, document) => {
  const { description } = document as { description: string };
  expect(Object.values(en)).toContain(description);
  expect(exampleText(description, chinese)).not.toBe(description);
});

it('leaves a description of one’s own as it is', () => {
  expect(exampleText('my points', chinese)).toBe('my points');
});
