// Which views there are for which data: by the size of the input and what is to be found, not by where the data come from.
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../assets/examples/index.ts';
import { parseExperiment, type DataSpec } from '../../engine/spec/index.ts';
import { PLANE_EXPERIMENTS } from '../host/fake-planes.ts';
import { viewsOf } from './views.svelte.ts';

const of = (source: unknown): DataSpec => parseExperiment(source).data;
const table = (row: number[], y: number[], classes: number | null = null): DataSpec => ({
  type: 'table',
  x: [row],
  y: [y],
  validation_x: [],
  validation_y: [],
  test_x: [],
  test_y: [],
  shape: null,
  classes,
});

describe('views', () => {
  it.each([
    ['the tutorial’s line', of(EXAMPLES['regression']), ['fit']],
    ['pictures', of(EXAMPLES['cnn']), ['pictures', 'confusion']],
    ['three features', of(EXAMPLES['numpy-dropout']), ['rows']],
    ['one feature and a number', table([1], [2]), ['fit', 'rows']],
    ['one feature and a class', table([1], [1], 2), ['rows', 'confusion']],
    ['one feature and two numbers', table([1], [2, 3]), ['rows']],
    ['two features and a number', of(PLANE_EXPERIMENTS['hills']), ['surface', 'rows']],
    ['two features and a class', of(PLANE_EXPERIMENTS['moons']), ['surface', 'rows', 'confusion']],
    ['two features and two numbers', table([1, 2], [2, 3]), ['rows']],
  ])('of %s', (_, data, views) => {
    expect(viewsOf(data)).toEqual([...views, 'weights', 'arithmetic']);
  });
});
