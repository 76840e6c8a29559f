// Data that cannot be used, files that are damaged inside, and runs that the engine refuses: in the reader's language, with the thing named.
import { describe, expect, it } from 'vitest';
import { Translator } from './translator.ts';

const en = new Translator('en');
const zh = new Translator('zh-CN');
const error = (code: string, details: Readonly<Record<string, unknown>>) => ({ code, message: 'In English.', details });

describe('data that cannot be used', () => {
  it('are named with the row, the column and the value', () => {
    const details = { file: 'marks', code: 'BAD_MARK', column: 'part', row: 3, value: 'foo' };
    expect(en.error(error('BAD_DATA_FILE', details))).toBe(
      'marks, row 3, column part: “foo” is none of train, validation, test.',
    );
    expect(zh.error(error('BAD_DATA_FILE', details))).toBe(
      'marks，第 3 行，列 part：“foo”不是 train、validation、test 之一。',
    );
  });

  it.each(['NOT_AS_DESCRIBED', 'NO_VALUE', 'BEYOND_F32', 'BAD_MARK', 'NO_MARKS', 'NO_CLASSES'])(
    'for the reason %s are told so',
    (code) => {
      const said = zh.error(error('BAD_DATA_FILE', { file: 'sample', code, column: 'x', row: 1, value: '1e39' }));
      expect(said).toMatch(/^sample/);
      expect(said).not.toMatch(/English|\{/);
    },
  );

  it('that leave a split without rows say which one', () => {
    const details = { dataset: 'iris', split: 'validation', wanted: 1, available: 0 };
    expect(en.error(error('DATA_MISSING', details))).toMatch(/^Of iris, no row is left for the split “Validation”\./);
    expect(zh.error(error('DATA_MISSING', details))).toMatch(/^iris 没有行可用于划分“验证”。/);
    expect(en.error(error('DATA_MISSING', { dataset: 'cifar10' }))).toContain('--data');
  });
});

describe('what is wrong inside a file', () => {
  const picture = (reason: string) => ({
    file: 'a/1.png',
    row: null,
    column: null,
    code: 'BAD_IMAGE',
    params: { reason },
    message: '',
  });

  it('is said in the reader’s language', () => {
    expect(en.importProblem(picture('neither PNG nor JPEG'))).toBe(
      'a/1.png: the picture cannot be read (neither PNG nor JPEG).',
    );
    expect(zh.importProblem(picture('neither PNG nor JPEG'))).toBe('a/1.png：无法读取图片（既不是 PNG 也不是 JPEG）。');
  });

  it('stays as it is where there are no words for it', () => {
    expect(zh.importProblem(picture('moth-eaten'))).toContain('moth-eaten');
  });
});

describe('a run that the engine refuses', () => {
  it('says why, by the engine’s code', () => {
    const refused = (code: string) => zh.error(error('ENGINE_REJECTED', { code }));
    expect(refused('BATCH_TOO_LARGE')).toBe('引擎无法启动此运行：批大小超过了训练样本的个数。');
    expect(refused('SOMETHING_NEW')).toContain('In English.');
  });
});
