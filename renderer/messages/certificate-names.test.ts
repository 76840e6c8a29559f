// Every name that a certificate gives is said in both languages; what is not known stays as it is.
import { describe, expect, it } from 'vitest';
import { Translator } from './translator.ts';

const en = new Translator('en');
const zh = new Translator('zh-CN');

/** As certificates have them, each kind once. */
const ROWS: readonly (readonly [name: string, zh: string])[] = [
  ['uniform, whole numbers, orders, masks, pictures', '均匀分布、整数、顺序、掩码、图片'],
  ['normals', '正态分布随机数'],
  ['where the generator stands afterwards', '之后随机数生成器的状态'],
  ['first values that are no normals', '非正态分布的初始值'],
  ['layers', '层'],
  ['layers, sums in their terms', '层，按求和项衡量'],
  ['losses', '损失函数'],
  ['optimizers, sums in their terms', '优化器，按求和项衡量'],
  ['penalties', '惩罚项'],
  ['clipping', '梯度裁剪'],
  ['constraints', '约束'],
  ['learning rates and momenta', '学习率与动量'],
  ['start of 94 recipes, bit by bit', '94 种训练设置的起点，逐位比较'],
  ['references in double precision', '双精度参考实现'],
  ['engine, 1 thread', '引擎，1 个线程'],
  ['engine, 2 threads', '引擎，2 个线程'],
  ['regression, overfitting: data and first values', 'regression, overfitting：数据与初始值'],
  ['regression, L1: 100 updates', 'regression, L1：100 次更新'],
  ['numpy-dropout, as printed: end', 'numpy-dropout, as printed：结束时'],
  ['numpy-dropout, no dropout: parameters', 'numpy-dropout, no dropout：参数'],
  ['cnn, none: pictures and first values', 'cnn, none：图片与初始值'],
  ['cnn, all: parameters after 50 updates', 'cnn, all：50 次更新后的参数'],
  ['cnn, all: scores after 500 updates', 'cnn, all：500 次更新后的得分'],
  ['cnn, dropout: first values', 'cnn, dropout：初始值'],
  ['cnn: loss', 'cnn：损失'],
  ['cnn: optimizer state', 'cnn：优化器状态'],
  ['documents whose files run and fit', '导出文件能运行且相符的文档'],
  ['outputs of ONNX files by onnxruntime', 'onnxruntime 运行 ONNX 文件的输出'],
];

describe('the names of a certificate', () => {
  it.each(ROWS)('%s: in Chinese %s, and in English as they are', (name, wording) => {
    expect(zh.certificateRow(name)).toBe(wording);
    if (!name.startsWith('clipping')) expect(en.certificateRow(name)).toBe(name);
  });

  it('groups, notes and remarks, too', () => {
    expect(zh.certificateGroup('ten updates')).toBe('各种短训练');
    expect(zh.certificateGroup('live: draws')).toBe('随机数（在本机计算）');
    const note = 'the first 500 of 500 recorded losses are equal in every bit';
    expect([en.certificateNote(note), zh.certificateNote(note)]).toEqual([
      note,
      '已记录的 500 个损失中，前 500 个逐位相同',
    ]);
    expect(
      zh.certificateRemark(
        'Not run: outputs of ONNX files by onnxruntime, because onnx and onnxruntime cannot be imported.',
      ),
    ).toBe('未运行：onnxruntime 运行 ONNX 文件的输出，因为无法导入 onnx, onnxruntime。');
  });

  it('of a later version stay as they are', () => {
    expect([zh.certificateRow('quanta'), zh.certificateGroup('quanta'), zh.certificateNote('quanta')]).toEqual([
      'quanta',
      'quanta',
      'quanta',
    ]);
    expect(zh.certificateRow('cnn: quanta of light')).toBe('cnn: quanta of light');
  });
});

describe('a refused export', () => {
  const refusal = { what: 'recipe.schedule', reason: 'in English', refusal: 'numpy_schedule', value: 'OneCycleLR' };

  it('is worded by its code', () => {
    expect(zh.refusal(refusal)).toBe('NumPy 脚本不支持 OneCycleLR。请改用 PyTorch 脚本。');
    expect(zh.error({ code: 'EXPORT_UNSUPPORTED', message: '', details: refusal })).toContain('不支持 OneCycleLR');
  });

  it('of a code that is not known gives its own reason', () => {
    expect(zh.refusal({ ...refusal, refusal: null })).toBe('in English');
  });
});
