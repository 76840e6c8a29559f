import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fitBounds, readBounds, writeBounds, type WindowBounds } from './window-bounds.ts';

const primary = { x: 0, y: 24, width: 1920, height: 1056 };
const left = { x: -2560, y: 0, width: 2560, height: 1440 };
const saved: WindowBounds = { x: 100, y: 120, width: 1200, height: 800, maximized: false };

describe('fitBounds', () => {
  it('centres a default window on the primary display', () => {
    expect(fitBounds(null, [primary, left])).toEqual({ x: 280, y: 122, width: 1360, height: 860, maximized: false });
  });
  it('keeps bounds that a display shows', () => {
    expect(fitBounds(saved, [primary, left])).toEqual(saved);
    expect(fitBounds({ ...saved, x: -2000 }, [primary, left])).toEqual({ ...saved, x: -2000 });
  });
  it('brings a window back from a display that is gone', () => {
    expect(fitBounds({ ...saved, x: -2000 }, [primary])).toEqual({ ...saved, x: 360, y: 152 });
  });
  it('moves a window that hangs over an edge wholly into view', () => {
    expect(fitBounds({ ...saved, x: 1500, y: -50 }, [primary])).toEqual({ ...saved, x: 720, y: 24 });
  });
  it('makes it no larger than the display and no smaller than the minimum', () => {
    expect(fitBounds({ ...saved, width: 9000, height: 9000 }, [primary])).toMatchObject({ width: 1920, height: 1056 });
    expect(fitBounds({ ...saved, width: 10, height: -5 }, [primary])).toMatchObject({ width: 960, height: 640 });
  });
  it('keeps the minimum on a display that is smaller still', () => {
    const tiny = { x: 0, y: 0, width: 800, height: 480 };
    expect(fitBounds(saved, [tiny])).toEqual({ x: 0, y: 0, width: 960, height: 640, maximized: false });
  });
  it('remembers that it was maximized', () => {
    expect(fitBounds({ ...saved, maximized: true }, [primary]).maximized).toBe(true);
  });
  it('needs a display', () => {
    expect(() => fitBounds(saved, [])).toThrow(RangeError);
  });
});

describe('the bounds file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'overfit-bounds-'));
    file = join(folder, 'window.json');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives back what was written', () => {
    writeBounds(file, saved);
    expect(readBounds(file)).toEqual(saved);
  });
  it('is nothing when missing', () => {
    expect(readBounds(file)).toBeNull();
  });
  it.each([
    '',
    '{',
    'null',
    '[]',
    '{"x":1}',
    '{"x":0,"y":0,"width":1e9,"height":1,"maximized":false}',
    '{"x":0.5,"y":0,"width":1,"height":1,"maximized":false}',
    '{"x":0,"y":0,"width":"1","height":1,"maximized":false}',
    '{"x":0,"y":0,"width":1,"height":1,"maximized":false,"more":1}',
  ])('is nothing when it holds %j', (text) => {
    writeFileSync(file, text);
    expect(readBounds(file)).toBeNull();
  });
  it('says when its folder cannot be written', () => {
    expect(() => writeBounds(join(folder, 'gone', 'window.json'), saved)).toThrow(/ENOENT/);
  });
});
