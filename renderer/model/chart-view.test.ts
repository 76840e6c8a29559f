// Zooming keeps the anchor, panning stops at the edges, and zooming out ends at the whole.
import { describe, expect, it } from 'vitest';
import { keepInside, panSpan, partOf, zoomSpan, type Span } from './chart-view.ts';

const bounds: Span = [0, 1000];

describe('zoomSpan', () => {
  it('keeps the anchor where it is', () => {
    expect(zoomSpan([0, 1000], bounds, 0.5, 0.25, 1)).toEqual([125, 625]);
    expect(zoomSpan([200, 400], bounds, 0.5, 1, 1)).toEqual([300, 400]);
  });
  it('ends at the whole when zooming out', () => {
    expect(zoomSpan([200, 800], bounds, 2, 0.5, 1)).toBeNull();
  });
  it('stays inside the bounds when widening at an edge', () => {
    expect(zoomSpan([0, 100], bounds, 2, 0.5, 1)).toEqual([0, 200]);
  });
  it('stops at the smallest span', () => {
    expect(zoomSpan([500, 504], bounds, 0.1, 0.5, 2)).toEqual([501, 503]);
  });
});

describe('panSpan', () => {
  it('moves by a fraction and stops at the edges', () => {
    expect(panSpan([200, 400], bounds, 0.25)).toEqual([250, 450]);
    expect(panSpan([200, 400], bounds, -5)).toEqual([0, 200]);
    expect(panSpan([200, 400], bounds, 50)).toEqual([800, 1000]);
  });
});

describe('keepInside', () => {
  it('gives the bounds when the span is wider', () => {
    expect(keepInside([-500, 3000], bounds)).toEqual(bounds);
  });
});

describe('partOf', () => {
  it('takes the ends in either order and clips them', () => {
    expect(partOf([100, 200], 0.75, 0.25, 1)).toEqual([125, 175]);
    expect(partOf([100, 200], -3, 0.5, 1)).toEqual([100, 150]);
  });
  it('refuses a click', () => {
    expect(partOf([100, 200], 0.5, 0.505, 1)).toBeNull();
  });
});
