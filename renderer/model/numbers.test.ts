import { describe, expect, it } from 'vitest';
import { fieldText, numberFormats, timeLeftMs } from './numbers.ts';

describe('numberFormats', () => {
  const { short, full, sizeBytes } = numberFormats('en');
  it.each([
    [0.11, '0.110'],
    [0.12345678, '0.123'],
    [123.456, '123'],
    [0.000123456, '1.23×10⁻⁴'],
    [0.0000123456, '1.23×10⁻⁵'],
    [1234567, '1.23×10⁶'],
    [0, '0'],
    [Number.NaN, 'NaN'],
    [-0.5, '−0.500'],
  ])('%d is shown as %s', (value, text) => {
    expect(short(value)).toBe(text);
  });

  it('keeps every digit for the tooltip', () => {
    expect(full(0.12345678901234566)).toBe('0.12345678901234566');
    expect(full(1e-9)).toBe('1e-9');
  });

  it('names file sizes', () => {
    expect(sizeBytes(0)).toBe('0 byte');
    expect(sizeBytes(4_812_800)).toBe('4.81 MB');
  });
});

describe('fieldText', () => {
  it('shows numbers wholly, texts as typed, and nothing else', () => {
    expect(fieldText(0.0002)).toBe('0.0002');
    expect(fieldText('1.2.3')).toBe('1.2.3');
    expect(fieldText(undefined)).toBe('');
  });
});

describe('timeLeftMs', () => {
  it('goes by the pace seen so far', () => {
    expect(timeLeftMs({ step: 100, atMs: 1000 }, { step: 200, atMs: 2000 }, 500)).toBe(3000);
  });
  it('says nothing while nothing is known', () => {
    expect(timeLeftMs(null, null, 500)).toBeNull();
    expect(timeLeftMs({ step: 5, atMs: 1 }, { step: 5, atMs: 9 }, 500)).toBeNull();
  });
  it('is zero at the end', () => {
    expect(timeLeftMs({ step: 0, atMs: 0 }, { step: 500, atMs: 10 }, 500)).toBe(0);
  });
});
